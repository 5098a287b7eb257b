using System.Net;
using System.Net.Sockets;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers;

/// <summary>Decides, before the upgrade, who may open a line (S1 to S4).</summary>
public sealed class StationDoor(Func<ChargersOptions> options, SiteEngine engine, StationPasswords passwords, TimeProvider clock)
{
    public const int FailuresPerIdentity = 10;
    public const int FailuresPerAddress = 60;

    /// <summary>Lines into quarantine that one address may open in a minute: names are cheap (S3).</summary>
    public const int StrangersPerAddress = 30;

    private readonly FailureWindow _identities = new(FailuresPerIdentity, clock);
    private readonly FailureWindow _addresses = new(FailuresPerAddress, clock);
    private readonly FailureWindow _strangers = new(StrangersPerAddress, clock);

    // A charger that was let in before is judged by its own failures only: nobody else can lock it out by guessing in its name.
    private readonly FailureWindow _trusted = new(FailuresPerIdentity, clock);

    /// <param name="target">The request target as on the wire.</param>
    /// <param name="authorization">The Authorization header.</param>
    public async ValueTask<Entry> AskAsync(string target, string? authorization, IPAddress? remote, CancellationToken cancellationToken)
    {
        if (!StationName.TryRead(target, out var name))
            return Entry.Refused(404, "StationUnknown", "?", "The URL names no usable station id.");
        var settings = options();
        var known = engine.State.Stations.GetValueOrDefault(name);
        return settings.Station(name) is { } access
            ? await AskConfiguredAsync(access, known, authorization, Text(remote), cancellationToken)
            : await AskUnknownAsync(known?.Id ?? name, known, settings, authorization, Text(remote), cancellationToken);
    }

    private async ValueTask<Entry> AskConfiguredAsync(
        StationAccess access, Station? known, string? authorization, string remote, CancellationToken cancellationToken)
    {
        if (access.AllowWithoutPassword && (access.Password is null || authorization is null))
            return new(access.Id, access, false) { Note = "no password, by an explicit exception" };
        return await CheckAsync(new(access.Id, access, false), access.Password, known, authorization, remote, cancellationToken);
    }

    private async ValueTask<Entry> AskUnknownAsync(
        string id, Station? known, ChargersOptions settings, string? authorization, string remote, CancellationToken cancellationToken)
    {
        var isAccepted = known?.Admission == Admission.Accepted;
        if (!isAccepted && settings.UnknownStations == UnknownStations.Reject)
            return Entry.Refused(404, "StationUnknown", id, "The station is in no configuration.");
        var entry = new Entry(id, new() { Id = id }, !isAccepted && settings.UnknownStations == UnknownStations.Pending);
        if (await passwords.IsStoredAsync(id, cancellationToken))
            return await CheckAsync(entry, null, known, authorization, remote, cancellationToken);
        if (entry.IsQuarantined && !_strangers.Add(remote))
            return Entry.Refused(429, "StationThrottled", id, $"Too many unknown stations, now from {remote}.");
        return entry with { FirstPassword = BasicCredentials.Read(authorization, id)?.Password, Note = "not configured" };
    }

    private async ValueTask<Entry> CheckAsync(
        Entry entry, string? password, Station? known, string? authorization, string remote, CancellationToken cancellationToken)
    {
        var isTrusted = string.Equals(known?.Remote, remote, StringComparison.Ordinal);
        if (isTrusted ? _trusted.IsFull(entry.Station) : _identities.IsFull(entry.Station) || _addresses.IsFull(remote))
            return Entry.Refused(429, "StationThrottled", entry.Station, $"Too many failed authentications, now from {remote}.");

        var credentials = BasicCredentials.Read(authorization, entry.Station);
        string because;
        if (credentials is null)
            because = authorization is null ? "it sent no password" : "its Authorization header is no Basic one";
        else if (!string.Equals(credentials.User, entry.Station, StringComparison.OrdinalIgnoreCase))
            because = "the user of its Authorization header is not its id";
        else if (await passwords.CheckAsync(entry.Station, password, credentials.Password, cancellationToken) is var match and not PasswordMatch.None)
            return entry with { IsAuthenticated = true, Note = match == PasswordMatch.AsText ? "password as text" : "password as the bytes of its hex form" };
        else
            because = password is not null || await passwords.IsStoredAsync(entry.Station, cancellationToken)
                ? "its password is wrong"
                : "the configuration has no password for it";

        _addresses.Add(remote);
        (isTrusted ? _trusted : _identities).Add(entry.Station);
        return Entry.Refused(401, "StationUnauthorized", entry.Station, $"Refused {remote}: {because}.");
    }

    /// <summary>The address as it is counted and shown: IPv4 where it is one, of IPv6 the network, since one device has as many as it likes.</summary>
    internal static string Text(IPAddress? address)
    {
        if (address is null)
            return "?";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return $"{new IPAddress(bytes)}/64";
    }
}

/// <summary>What the door decided.</summary>
/// <param name="Station">The id as configured, else as the charger named itself.</param>
/// <param name="IsQuarantined">Nobody has let it in yet: it is heard, and gets nothing.</param>
public sealed record Entry(string Station, StationAccess Access, bool IsQuarantined)
{
    /// <summary>It proved who it is by a password.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>For people: how it got in.</summary>
    public string? Note { get; init; }

    /// <summary>Of a station that is not configured: kept once somebody lets it in.</summary>
    public byte[]? FirstPassword { get; init; }
    public Refused? Refusal { get; init; }

    public static Entry Refused(int status, string code, string station, string because) =>
        new(station, new() { Id = station }, false) { Refusal = new(status, code, because) };

    public override string ToString() => Station;
}

/// <param name="Status">Of HTTP.</param>
/// <param name="Code">Of the event.</param>
public sealed record Refused(int Status, string Code, string Because);
