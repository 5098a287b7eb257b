using EdgeGateway.Hubs.Dialects;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Site;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Hubs.Commands;

/// <summary>A command with all that its outcome needs to find its way back.</summary>
/// <param name="Routing">Of our post: the command's, swapped.</param>
public sealed record CommandOrder(HubLink Link, IHubDialect Dialect, string Name, HubCommand Command, string Correlation, OcpiRouting Routing)
{
    /// <summary>For a charging profile: which of its results is posted. Null for a command.</summary>
    public ProfileKind? Profile { get; init; }

    /// <summary>K8: there are hubs that send one correlation id with everything, so it counts only together with what the command is about.</summary>
    public string ByCorrelation => $"{Link.Name}\n{Name}\n{Correlation}\n{Target}";

    public string ByTarget => $"{Link.Name}\n{Name}\n@{Target}";

    /// <summary>A profile said twice is set twice, and to ask twice does no harm.</summary>
    public bool Repeats => Profile is null;

    /// <summary>The command whose effect this one ends.</summary>
    public string? Undoes => Command.Request switch
    {
        StopRemotely => "START_SESSION",
        CancelReservation => "RESERVE_NOW",
        Reserve => "CANCEL_RESERVATION",
        _ => null,
    };

    /// <summary>As the site is asked: what it takes for a repeat is what we take for one.</summary>
    public Request<Grant> Request => Command.Request is StartRemotely start ? start with { Repeat = ByCorrelation } : Command.Request;

    /// <summary>Body of what is posted to the response_url; null: nothing came in time.</summary>
    public byte[] Result(OrderSettled? settled, DateTimeOffset now) => Profile is { } kind
        ? Dialect.ChargingProfileResult(kind, settled?.Outcome, settled?.Limits, now)
        : Dialect.CommandResult(settled?.Outcome, settled?.Detail);

    /// <summary>K7: a reservation under the same id with another end or place is a new wish.</summary>
    private string Target => Command.Request is Reserve reserve
        ? $"{reserve.Party}\n{reserve.PartyReservationId}\n{reserve.Expires:O}\n{reserve.Evse ?? reserve.Location}\n{reserve.Token.Uid}"
        : Command.Target;
}
