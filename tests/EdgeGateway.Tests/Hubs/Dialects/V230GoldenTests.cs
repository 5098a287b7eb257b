using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hubs.Dialects;

/// <summary>Every kind of message of the family, letter by letter and by schemas that are not ours, in both versions.</summary>
public sealed class V230GoldenTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly OurCredentials Ours = new("tokenB", "https://gw.example.com/ocpi/versions", new("DE", "ABC"), "Example Charging");

    public static TheoryData<string> Versions() => ["2.2.1", "2.3.0"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_message_is_what_was_reviewed(string version)
    {
        var messages = Messages(version);
        Assert.Empty(messages.Select(m => GoldenFiles.Compare(version, m.Name, m.Json)).OfType<string>());
        Assert.Equal(messages.Select(m => m.Name).Order(StringComparer.Ordinal), GoldenFiles.Names(version).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Every_message_is_valid_by_the_published_schemas_of_its_version(string version)
    {
        await using var judge = OcpiSchemaJudge.StartOrSkip();
        List<string> faults = [];
        foreach (var (name, schema, json, isAnswer) in Messages(version))
        {
            var found = isAnswer ? await judge.JudgeEnvelopeAsync(schema, json, version: version) : await judge.JudgeAsync(schema, json, version);
            faults.AddRange(found.Select(f => $"{version} {name}{f}"));
        }
        Assert.Empty(faults);
    }

    private static List<Message> Messages(string version)
    {
        var dialect = HubDialects.For(version, new() { Name = ExampleSite.Hub })!;
        var site = new FullSite();
        var state = site.State;
        var evse = state.Configuration.EvsesFor(ExampleSite.Hub).First().Evse;
        var (active, completed, cdr) = site.Charge();
        var credit = cdr with { Id = $"{cdr.Id}-C", CreditOf = cdr.Id, Remark = "Meter was exchanged", Created = cdr.Created.AddDays(1) };
        var limits = new ChargingLimits { Start = Noon, Duration = TimeSpan.FromHours(1), Unit = LimitUnit.Amperes, Minimum = 6m, Steps = [new(TimeSpan.Zero, 16m), new(TimeSpan.FromMinutes(30), 8.25m)] };
        List<Message> messages =
        [
            Object("location", "Location", dialect.Location(state, Noon)),
            Object("location-hidden", "Location", dialect.Location(Hidden(state), Noon)),
            Object("evse", "EVSE", dialect.Evse(state, site.Station, evse, Noon)),
            Object("evse-removed", "EVSE", dialect.RemovedEvse(state, evse)),
            Object("connector", "Connector", dialect.Connector(state, evse, evse.Connectors[0])),
            Object("evse-status", "EVSEPatch", dialect.EvseStatus(state, site.Station, evse, Noon)),
            Object("tariff", "Tariff", dialect.Tariff(state, FullSite.Net())),
            Object("tariff-gross", "Tariff", dialect.Tariff(state, FullSite.Gross(vat: 19m))),
            Object("tariff-untaxed", "Tariff", dialect.Tariff(state, FullSite.Net() with { TaxIncluded = TaxIncluded.NotApplicable, MinPrice = null })),
            Object("session-reservation", "Session", dialect.Session(site.Party, active with { Status = SessionStatus.Reservation, EnergyWh = 0, Course = [] })),
            Object("session-active", "Session", dialect.Session(site.Party, active)),
            Object("session-completed", "Session", dialect.Session(site.Party, completed)),
            Object("cdr", "CDR", dialect.Cdr(site.Party, cdr)),
            Object("cdr-credit", "CDR", dialect.Cdr(site.Party, credit)),
            Object("cdr-expired-reservation", "CDR", dialect.Cdr(site.Party, Expired(cdr))),
            Answer("credentials", "Credentials", dialect.Credentials(Ours)),
            Answer("version-details", "VersionDetails", dialect.VersionDetails("https://gw.example.com/ocpi")),
            Answer("command-response", "CommandResponse", dialect.CommandResponse(CommandReply.Rejected, TimeSpan.FromSeconds(30), "EVSE CP-1-1 is taken")),
            new("command-canceled-reservation", "CommandResult", dialect.ReservationCanceled("The charger was switched off")!, false),
            new("command-timeout", "CommandResult", dialect.CommandResult(null, null), false),
            new("profile-active", "ActiveChargingProfileResult", dialect.ChargingProfileResult(ProfileKind.Ask, OrderOutcome.Accepted, limits, Noon), false),
            new("profile-set", "ChargingProfileResult", dialect.ChargingProfileResult(ProfileKind.Set, OrderOutcome.Accepted, null, Noon), false),
            new("profile-clear", "ClearProfileResult", dialect.ChargingProfileResult(ProfileKind.Clear, OrderOutcome.Rejected, null, Noon), false),
            new("client-info", "ClientInfo", dialect.ClientInfo(new("NL", "MSP", "EMSP", HubClientStatus.Suspended, Noon)), false),
            new("token", "Token", dialect.Token(Emaid), false),
        ];
        messages.AddRange(Enum.GetValues<OrderOutcome>().Select(o =>
            new Message($"command-{o.ToString().ToLowerInvariant()}", "CommandResult", dialect.CommandResult(o, null), false)));
        messages.AddRange(Enum.GetValues<ProfileReply>().Select(r =>
            Answer($"profile-response-{r.ToString().ToLowerInvariant()}", "ChargingProfileResponse", dialect.ChargingProfileResponse(r, TimeSpan.FromSeconds(30)))));
        return messages;
    }

    private static Token Emaid => new()
    {
        Uid = "DE8ACC12E46L89", Type = TokenType.Emaid, Owner = new("DE", "MSP"), ContractId = "DE8ACC12E46L89", VisualNumber = "DF000-2001-8999", Issuer = "Example MSP",
        GroupId = "FLEET", Whitelist = Whitelist.AllowedOffline, Language = "de", DefaultProfile = "GREEN", EnergySupplier = "Example Energy", EnergyContractId = "E-1", LastUpdated = Noon,
    };

    private static SiteState Hidden(SiteState state)
    {
        var site = new SiteUnderTest(FullSite.Configuration() with { Site = state.Configuration.Site with { Publish = false } });
        return site.State;
    }

    /// <summary>Ten minutes kept free for somebody who did not come (D9).</summary>
    private static Cdr Expired(Cdr cdr)
    {
        var session = cdr.Session with { EndedAt = cdr.Session.StartedAt, EnergyWh = 0, Course = [], Signed = [], StartedAt = cdr.Session.StartedAt };
        var bill = EdgeGateway.Site.Pricing.Pricer.PriceReservation(
            FullSite.Net(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), session.ReservedAt!.Value, session.StartedAt, expired: true);
        return cdr with { Session = session, Bill = bill };
    }

    private static Message Object(string name, string schema, Rendered rendered) =>
        new(name, schema, rendered.Json ?? throw new InvalidOperationException($"{name}: {rendered.Refusal}"), false);

    private static Message Answer(string name, string schema, OcpiAnswer answer) => new(name, schema, answer.Body(Noon), true);

    private sealed record Message(string Name, string Schema, byte[] Json, bool IsAnswer);
}
