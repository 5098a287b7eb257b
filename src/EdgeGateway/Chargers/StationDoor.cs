using System.Net;
using System.Net.Sockets;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers;

/// <summary>Decides, before the upgrade, who may open a line (S1 to S4).</summary>
public sealed class StationDoor(Func<ChargersOptions> options, SiteEngine engine, StationPasswords passwords, SecurityProfiles profiles, TimeProvider clock)
{
    public const int FailuresPerIdentity = 10;
    public const int FailuresPerAddress = 60;

    /// <summary>Lines into quarantine that one address may open in a minute: names are cheap (S3).</summary>
    public const int StrangersPerAddress = 30;

    private readonly FailureWindow _identities = new(FailuresPerIdentity, clock);
    private readonly FailureWindow _addresses = new(FailuresPerAddress, clock);
    private readonly FailureWindow _strangers = new(StrangersPerAddress, clock);

    /// <summary>Stations in whose names so much was guessed in the last minute that their ids are closed to strangers.</summary>
    public IReadOnlyList<string> LockedStations => [.. _identities.Full().Concat(_trusted.Full()).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Addresses from which nobody is heard for the rest of the minute.</summary>
    public IReadOnlyList<string> LockedAddresses => _addresses.Full();

    // A charger that was let in before is judged by its own failures only: nobody else can lock it out by guessing in its name.
    private readonly FailureWindow _trusted = new(FailuresPerIdentity, clock);

    /// <param name="target">The request target as on the wire.</param>
    /// <param name="authorization">The Authorization header.</param>
    /// <param name="transport">What the connection knows of who calls.</param>
    public async ValueTask<Entry> AskAsync(
        string target, string? authorization, IPAddress? remote, LineTransport transport, CancellationToken cancellationToken)
    {
        if (!StationName.TryRead(target, out var name))
            return Entry.Refused(404, "StationUnknown", "?", "The URL names no usable station id.");
        var settings = options();
        // S2: a station of the site that has no door of its own here; as an unknown one it would be let in for being known.
        if (settings.IsOverModbus(name))
            return Entry.Refused(404, "StationUnauthorized", name, $"Refused {Text(remote)}: the station is served over Modbus.");
        var known = engine.State.Stations.GetValueOrDefault(name);
        var caller = new Caller(authorization, Text(remote), transport, known);
        return settings.Station(name) is { } access
            ? await AskConfiguredAsync(access, caller, cancellationToken)
            : await AskUnknownAsync(known?.Id ?? name, settings, caller, cancellationToken);
    }

    private async ValueTask<Entry> AskConfiguredAsync(StationAccess access, Caller caller, CancellationToken cancellationToken)
    {
        var entry = new Entry(access.Id, access, false) { Transport = caller.Transport };
        var least = await profiles.LeastAsync(access, cancellationToken);
        // Neither is looked at over a plain line: whatever is weaker than configured is refused as it is (A00.FR.003).
        if (least >= SecurityProfiles.Encrypted && !caller.Transport.IsEncrypted)
            return Entry.Refused(403, "StationInsecure", access.Id, $"Refused {caller.Remote}: it came over ws://, and its security profile is {least}; that asks for wss://.");
        if (Stranger(access, caller) is { } stranger)
            return Failed(entry, caller, stranger);
        if (least == SecurityProfiles.Certificate)
            return Certified(entry, caller) ?? Failed(entry, caller, NoCertificate(caller));
        // Told to go there, it comes without a password, and may yet come back with one.
        if (caller.Authorization is null && await profiles.AwaitedAsync(access.Id, cancellationToken) == SecurityProfiles.Certificate && Certified(entry, caller) is { } raised)
            return raised;
        if (access.AllowWithoutPassword && least is null or SecurityProfiles.Nothing && (access.Password is null || caller.Authorization is null))
            return entry with { Note = "no password, by an explicit exception" };
        return await CheckAsync(entry, access.Password, caller, cancellationToken);
    }

    private async ValueTask<Entry> AskUnknownAsync(string id, ChargersOptions settings, Caller caller, CancellationToken cancellationToken)
    {
        var isAccepted = caller.Known?.Admission == Admission.Accepted;
        if (!isAccepted && settings.UnknownStations == UnknownStations.Reject)
            return Entry.Refused(404, "StationUnknown", id, "The station is in no configuration.");
        var entry = new Entry(id, new() { Id = id }, !isAccepted && settings.UnknownStations == UnknownStations.Pending) { Transport = caller.Transport };
        if (Stranger(entry.Access, caller) is { } stranger)
            return Failed(entry, caller, stranger);
        // What one of our authorities says of it stands for a password, and whoever showed it once is held to it.
        if (Certified(entry, caller) is { } certified)
            return certified with { IsFirstCertificate = true };
        if (await passwords.IsStoredAsync(id, cancellationToken))
            return await CheckAsync(entry, null, caller, cancellationToken);
        if (await profiles.LeastAsync(entry.Access, cancellationToken) == SecurityProfiles.Certificate)
            return Failed(entry, caller, NoCertificate(caller));
        if (entry.IsQuarantined && !_strangers.Add(caller.Remote))
            return Entry.Refused(429, "StationThrottled", id, $"Too many unknown stations, now from {caller.Remote}.");
        return entry with { FirstPassword = BasicCredentials.Read(caller.Authorization, id)?.Password, Note = "not configured" };
    }

    private async ValueTask<Entry> CheckAsync(Entry entry, string? password, Caller caller, CancellationToken cancellationToken)
    {
        if (Throttled(entry, caller) is { } throttled)
            return throttled;
        var credentials = BasicCredentials.Read(caller.Authorization, entry.Station);
        if (credentials is null)
            return Failed(entry, caller, caller.Authorization is null ? "it sent no password" : "its Authorization header is no Basic one");
        if (!string.Equals(credentials.User, entry.Station, StringComparison.OrdinalIgnoreCase))
            return Failed(entry, caller, "the user of its Authorization header is not its id");
        if (await passwords.CheckAsync(entry.Station, password, credentials.Password, cancellationToken) is var match and not PasswordMatch.None)
            return entry with { IsAuthenticated = true, Note = match == PasswordMatch.AsText ? "password as text" : "password as the bytes of its hex form" };
        return Failed(entry, caller, password is not null || await passwords.IsStoredAsync(entry.Station, cancellationToken)
            ? "its password is wrong"
            : "the configuration has no password for it");
    }

    /// <summary>By its certificate, which names it; null where it shows none that does.</summary>
    private static Entry? Certified(Entry entry, Caller caller) => caller.Transport.Certificate is { IsTrusted: true } shown && IsOf(shown, entry.Access)
        ? entry with { IsAuthenticated = true, Note = $"certificate {shown.Serial}" }
        : null;

    /// <summary>One that is trusted and names somebody else is a reason to refuse, whatever else is right (S2).</summary>
    private static string? Stranger(StationAccess access, Caller caller) => caller.Transport.Certificate is { IsTrusted: true } shown && !IsOf(shown, access)
        ? $"its certificate is that of {shown.Name}"
        : null;

    private static bool IsOf(ClientCertificate shown, StationAccess access) =>
        string.Equals(shown.Name, access.Id, StringComparison.OrdinalIgnoreCase)
        || (shown.Station is null && access.CertificateName is { } name && string.Equals(shown.CommonName, name, StringComparison.OrdinalIgnoreCase));

    private static string NoCertificate(Caller caller) => caller.Transport switch
    {
        { IsEncrypted: false } => "its security profile is 3, and it came over ws://",
        { Certificate: null } => "its security profile is 3, and it showed no certificate",
        var transport => $"its security profile is 3, and {transport.Certificate!.Because}",
    };

    private Entry? Throttled(Entry entry, Caller caller) =>
        (IsTrusted(caller) ? _trusted.IsFull(entry.Station) : _identities.IsFull(entry.Station) || _addresses.IsFull(caller.Remote))
            ? Entry.Refused(429, "StationThrottled", entry.Station, $"Too many failed authentications, now from {caller.Remote}.")
            : null;

    private Entry Failed(Entry entry, Caller caller, string because)
    {
        if (Throttled(entry, caller) is { } throttled)
            return throttled;
        _addresses.Add(caller.Remote);
        (IsTrusted(caller) ? _trusted : _identities).Add(entry.Station);
        return Entry.Refused(401, "StationUnauthorized", entry.Station, $"Refused {caller.Remote}: {because}.");
    }

    private static bool IsTrusted(Caller caller) => string.Equals(caller.Known?.Remote, caller.Remote, StringComparison.Ordinal);

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

/// <summary>Who asks to be let in, and how.</summary>
/// <param name="Remote">As counted and shown.</param>
/// <param name="Known">What the site knows of the station.</param>
internal sealed record Caller(string? Authorization, string Remote, LineTransport Transport, Station? Known);

/// <summary>What the door decided.</summary>
/// <param name="Station">The id as configured, else as the charger named itself.</param>
/// <param name="IsQuarantined">Nobody has let it in yet: it is heard, and gets nothing.</param>
public sealed record Entry(string Station, StationAccess Access, bool IsQuarantined)
{
    /// <summary>It proved who it is by a password or a certificate.</summary>
    public bool IsAuthenticated { get; init; }
    public LineTransport Transport { get; init; } = new();

    /// <summary>The OCPP security profile that the line amounts to.</summary>
    public int Profile => !IsAuthenticated ? SecurityProfiles.Nothing
        : Transport is { IsEncrypted: true, Certificate.IsTrusted: true } ? SecurityProfiles.Certificate
        : Transport.IsEncrypted ? SecurityProfiles.Encrypted : SecurityProfiles.Password;

    /// <summary>For people: how it got in.</summary>
    public string? Note { get; init; }

    /// <summary>Of a station that is not configured: kept once somebody lets it in.</summary>
    public byte[]? FirstPassword { get; init; }

    /// <summary>The same, for one that came with a certificate.</summary>
    public bool IsFirstCertificate { get; init; }
    public Refused? Refusal { get; init; }

    public static Entry Refused(int status, string code, string station, string because) =>
        new(station, new() { Id = station }, false) { Refusal = new(status, code, because) };

    public override string ToString() => Station;
}

/// <param name="Status">Of HTTP.</param>
/// <param name="Code">Of the event.</param>
public sealed record Refused(int Status, string Code, string Because);
