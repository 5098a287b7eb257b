using EdgeGateway.Chargers.LocalLists;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>One family of OCPP: a charger's words to the site's and back. Chosen once, at the handshake; nobody else asks for the version.</summary>
public interface IStationDialect : IListDialect
{
    /// <summary>The versions that this family speaks, the most wanted first.</summary>
    IReadOnlyList<OcppVersion> Versions { get; }

    /// <summary>All actions of a version of this family.</summary>
    MessageSet MessagesOf(OcppVersion version);

    /// <summary>Serves a charger's CALL. What it says is on disk before this completes.</summary>
    /// <exception cref="OcppException">Answered with its code.</exception>
    /// <exception cref="NotRecordedException">It could not be recorded: it must not be answered.</exception>
    ValueTask<Payload> HandleAsync(ChargerLine line, IncomingCall call, CancellationToken cancel);

    /// <summary>Carries out an order of the site's; the line may be asked things.</summary>
    Task<OrderResult> CarryOutAsync(ChargerLine line, Order order, CancellationToken cancellationToken);

    /// <summary>Does what a person wants done to the charger; the line may be asked things.</summary>
    Task<CareAnswer> CareAsync(ChargerLine line, CareTask task, CancellationToken cancellationToken);

    /// <summary>Does what keeps the charger's line secure; never throws for what a charger does.</summary>
    Task<SecurityAnswer> SecureAsync(ChargerLine line, SecurityTask task, CancellationToken cancellationToken) =>
        Task.FromResult(SecurityAnswer.NotSupported($"no message of {line.Version} does {task.GetType().Name}"));

    /// <summary>Asks of the charger what the gateway asks of its own accord when a line is new. Never throws for what a charger does.</summary>
    Task SetUpAsync(ChargerLine line, CancellationToken lineEnded);

    /// <summary>Brings the charger's settings to what is wanted now: the configuration was edited while the line is open. Comes after the set-up, one at a
    /// time; never throws for what a charger does.</summary>
    Task AdjustAsync(ChargerLine line, CancellationToken cancellationToken);
}

/// <summary>The families that are spoken.</summary>
public sealed class StationDialects(IEnumerable<IStationDialect> dialects)
{
    private readonly (OcppVersion Version, IStationDialect Dialect)[] _all = [.. dialects.SelectMany(d => d.Versions.Select(v => (v, d)))];

    /// <summary>Every version spoken, the most wanted first.</summary>
    public IReadOnlyList<OcppVersion> Versions => [.. _all.Select(a => a.Version)];

    public IStationDialect Of(OcppVersion version) => Array.Find(_all, a => a.Version == version).Dialect;
}
