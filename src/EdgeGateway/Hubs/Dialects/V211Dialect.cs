using System.Text.Json;
using EdgeGateway.Hubs.Dialects.V211;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Rules;
using Wire = EdgeGateway.Protocols.Ocpi.V211;

namespace EdgeGateway.Hubs.Dialects;

/// <summary>2.1.1, a family of its own: owners stand in urls only, places are inside sessions and CDRs, money is a number without VAT. Pure, but for
/// the calls in another part of this class, whose bodies and answers only a dialect can read.</summary>
public sealed partial class V211Dialect(string hub) : IHubDialect
{
    public OcpiFormat Format => Wire.OcpiJson211.Format;

    public string Version => Format.Version.Text();

    public bool HasRouting => false;

    public Rendered Location(SiteState state, DateTimeOffset now) => Rendered.Of(Format, () => LocationMapping.Location(state, now, hub));

    public Rendered Evse(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) =>
        OfPublished(state, () => LocationMapping.Evse(state, station, evse, now, hub));

    public Rendered RemovedEvse(SiteState state, EvseConfiguration evse) => OfPublished(state, () => LocationMapping.Removed(state, evse, hub));

    public Rendered Connector(SiteState state, EvseConfiguration evse, ConnectorConfiguration connector) =>
        OfPublished(state, () => LocationMapping.Connector(state, evse, connector, hub));

    public Rendered EvseStatus(SiteState state, StationConfiguration station, EvseConfiguration evse, DateTimeOffset now) =>
        OfPublished(state, () => LocationMapping.StatusPatch(state, station, evse, now));

    public Rendered Tariff(SiteState state, Tariff tariff)
    {
        var lastUpdated = state.LastUpdated(StampName.Tariff(tariff.Id));
        return TariffMapping.UnsayableOffer(tariff, lastUpdated) is { } why
            ? Rendered.Refused($"tariff {tariff.Id} cannot be said in OCPI 2.1.1 without changing what drivers pay: {why}")
            : Rendered.Of(Format, () => TariffMapping.Tariff(tariff, lastUpdated));
    }

    public Rendered Session(Party party, Session session) => Rendered.Of(Format, () => SessionMapping.Session(session));

    public Rendered Cdr(Party party, Cdr cdr) => Rendered.Of(Format, () => CdrMapping.Cdr(cdr));

    public byte[] Token(Token token) => Format.Write(TokenMapping.Token(token));

    public Understood<Token> ReadToken(JsonElement json, string hub, Party owner)
    {
        var read = Format.Read<Wire.Token>(json);
        return read.IsValid ? new(TokenMapping.Token(read.Value, hub, owner), null) : new(null, OcpiFault.Summary(read.Faults));
    }

    /// <summary>A PATCH on a token that is stored (TK2). It need not say when; it is then taken to be the newest.</summary>
    public Understood<Token> PatchToken(Token stored, JsonElement patch, string hub)
    {
        var read = Format.Patch(TokenMapping.Token(stored), Dated(patch, stored.LastUpdated));
        if (!read.IsValid)
            return new(null, OcpiFault.Summary(read.Faults));
        // What 2.1.1 has no word for stays as it is.
        var patched = TokenMapping.Token(read.Value, hub, stored.Owner);
        return new(
            patched with
            {
                Type = read.Value.Type == TokenMapping.Type(stored.Type) ? stored.Type : patched.Type,
                GroupId = stored.GroupId,
                DefaultProfile = stored.DefaultProfile,
                EnergySupplier = stored.EnergySupplier,
                EnergyContractId = stored.EnergyContractId,
            },
            null);
    }

    private static JsonElement Dated(JsonElement patch, DateTimeOffset stored)
    {
        if (patch.ValueKind != JsonValueKind.Object || patch.TryGetProperty("last_updated", out _))
            return patch;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in patch.EnumerateObject())
                member.WriteTo(writer);
            writer.WriteString("last_updated", OcpiDateTime.Write(stored.AddSeconds(1)));
            writer.WriteEndObject();
        }
        using var dated = JsonDocument.Parse(buffer.ToArray());
        return dated.RootElement.Clone();
    }

    private Rendered OfPublished<T>(SiteState state, Func<T> map)
        where T : class =>
        Rendered.Of(Format, () =>
        {
            LocationMapping.MustBePublished(state.Configuration.Site);
            return map();
        });
}
