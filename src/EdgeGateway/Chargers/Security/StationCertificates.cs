using System.Collections.Concurrent;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Security;

/// <summary>What the chargers' side needs of the site's authority; the joining code fills it in.</summary>
public sealed record CertificateParts
{
    /// <summary>Station, CSR in PEM, and the names that may stand in its subject; signs, or says why not.</summary>
    public Func<string, string, IReadOnlyList<string>, SigningAnswer> Sign { get; init; } =
        static (_, _, _) => new(null, null, "the site has no certificate authority; edge-gateway cert init makes one");

    /// <summary>Whether chargers can come over TLS.</summary>
    public Func<bool> ServesTls { get; init; } = static () => false;

    /// <summary>Whether the station was issued a certificate that is in force.</summary>
    public Func<string, bool> Has { get; init; } = static _ => false;

    /// <summary>Stations whose newest certificate is in the last third of its life.</summary>
    public Func<IReadOnlyList<string>> Due { get; init; } = static () => [];
}

/// <param name="Chain">PEM; null when it was refused.</param>
/// <param name="Text">For people: for whom and until when, or why not.</param>
public sealed record SigningAnswer(string? Chain, string? Serial, string Text);

/// <summary>
/// Certificates of stations, over OCPP (A02, A03, and the security whitepaper of 1.6): a station that has proved who it is asks for one, gets it,
/// and is asked to ask again before it ends.
/// </summary>
public sealed partial class StationCertificates(
    CertificateParts parts, Func<ChargersOptions> options, ChargerRegistry registry, SiteEngine site, Remarks remarks, TimeProvider clock, ILogger<StationCertificates> log)
{
    /// <summary>Requests of one station in a minute: each is a signature of ours and a file.</summary>
    public const int RequestsPerMinute = 3;

    /// <summary>Our answer to the request goes out before what follows from it.</summary>
    private static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(1);

    /// <summary>A station that does not ask, though asked to, is left alone for so long.</summary>
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromHours(24);

    private readonly FailureWindow _requests = new(RequestsPerMinute, clock);
    private readonly ConcurrentDictionary<string, long> _reminded = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A station asks for a certificate.</summary>
    /// <param name="requestId">Of 2.1.</param>
    /// <returns>False: refused, and an event says why. True: it is on its way.</returns>
    public bool Asked(ChargerLine line, string csr, int? requestId)
    {
        // Whoever has not proved who he is would be given the proof (S1).
        var refusal = !line.Entry.IsAuthenticated || !line.IsAdmitted ? "it has not proved who it is"
            : !_requests.Add(line.Station) ? $"more than {RequestsPerMinute} requests in a minute"
            : null;
        var answer = refusal is null ? parts.Sign(line.Station, csr, NamesOf(line)) : new(null, null, refusal);
        if (answer.Chain is not { } chain)
        {
            remarks.Make(Severity.Warning, "CertificateRefused", line.Station, $"Its request for a certificate was refused: {answer.Text}.");
            return false;
        }
        _ = HandAsync(line, chain, answer, requestId);
        return true;
    }

    /// <summary>Has each station with a line ask for a new certificate whose own nears its end.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var station in parts.Due())
        {
            if (registry.Find(station) is not { } line || !line.MayBeAsked.IsCompletedSuccessfully
                || (_reminded.TryGetValue(station, out var last) && clock.GetElapsedTime(last) < BetweenReminders))
                continue;
            _reminded[station] = clock.GetTimestamp();
            var answer = await line.Dialect.SecureAsync(line, new AskForCertificate(), cancellationToken);
            remarks.Make(answer.Done ? Severity.Info : Severity.Warning, "CertificateReminder", line.Station,
                answer.Done ? "Its certificate ends soon; it was told to ask for a new one." : $"Its certificate ends soon, and it cannot be told to ask for a new one: {answer.Text}.");
        }
    }

    /// <summary>What may stand as CN: its id, its serial number (A00.FR.510 wants that one), and what the configuration says its certificate calls it.</summary>
    private List<string> NamesOf(ChargerLine line)
    {
        var names = new List<string> { line.Station };
        if (site.State.Stations.GetValueOrDefault(line.Station)?.Identity?.Serial is { Length: > 0 } serial)
            names.Add(serial);
        if (options().Station(line.Station)?.CertificateName is { } name)
            names.Add(name);
        return names;
    }

    private async Task HandAsync(ChargerLine line, string chain, SigningAnswer signed, int? requestId)
    {
        try
        {
            await line.MayBeAsked;
            await Task.Delay(AfterAnswer, clock);
            var answer = await line.Dialect.SecureAsync(line, new HandCertificate(chain, requestId), CancellationToken.None);
            _reminded.TryRemove(line.Station, out _);
            remarks.Make(answer.Done ? Severity.Info : Severity.Warning, answer.Done ? "CertificateIssued" : "CertificateNotTaken", line.Station,
                answer.Done ? $"It took its certificate {signed.Serial}: {signed.Text}." : $"It did not take its certificate {signed.Serial}: {answer.Text}.");
        }
        catch (OperationCanceledException)
        {
            // The line ended; the station asks again.
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or OcppException))
        {
            LogFailed(failure, line.Station);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A certificate could not be handed to {Station}")]
    private partial void LogFailed(Exception failure, string station);
}
