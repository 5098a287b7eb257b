using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Site;

namespace EdgeGateway.Chargers;

/// <summary>What holds for a charger's CALL in every version, before and after its dialect serves it.</summary>
public sealed class StationCalls(StationPasswords passwords, SecurityProfiles profiles, QuirkDesk quirks, SiteEngine site, TimeProvider clock)
{
    /// <summary>Messages of all stations in quarantine that are served at once: a queue of an honest one, and not a disk full of a dishonest one's (S3, I16).</summary>
    public const int StrangersBurst = 1000;

    /// <summary>Beyond the burst: less than a charger's patience, so that nothing of an honest one is lost.</summary>
    private static readonly TimeSpan StrangersWait = TimeSpan.FromSeconds(10);

    /// <summary>So called in every version.</summary>
    private const string Boot = "BootNotification";

    private readonly Allowance _strangers = new(StrangersBurst, TimeSpan.FromSeconds(1), clock);

    /// <exception cref="OcppException">Answered with its code.</exception>
    /// <exception cref="DropLineException">It could not be recorded: the line drops without an answer, and the charger sends it again.</exception>
    public async ValueTask<Payload> HandleAsync(ChargerLine line, IncomingCall call, CancellationToken cancel)
    {
        await KeepFirstProofAsync(line, cancel);
        var station = site.State.Stations.GetValueOrDefault(line.Station);
        if (station?.Identity is null && call.Action != Boot)
            line.Tolerated(Tolerances.BeforeBoot, call.Action.Length > 40 ? "a message" : call.Action);
        var answer = await ServeAsync(line, call, cancel);
        // A boot may have said what it is, and a time how far off its clock is.
        quirks.Refresh(line);
        if (site.State.Stations.GetValueOrDefault(line.Station)?.ClockOffset is { } offset && offset != station?.ClockOffset)
            line.Tolerated(Tolerances.ClockOff, $"its clock is off by {-offset.TotalSeconds:0} s");
        return answer;
    }

    /// <summary>From the moment somebody lets it in, the station is the one that has the line now, and no other (S1).</summary>
    private async ValueTask KeepFirstProofAsync(ChargerLine line, CancellationToken cancel)
    {
        if (line.IsPasswordKept || !line.IsAdmitted)
            return;
        if (line.Entry.FirstPassword is { } first)
            await passwords.RememberAsync(line.Station, first, cancel);
        else if (line.Entry.IsFirstCertificate)
            await profiles.HoldAsync(line.Station, SecurityProfiles.Certificate, cancel);
        line.IsPasswordKept = true;
    }

    private async ValueTask<Payload> ServeAsync(ChargerLine line, IncomingCall call, CancellationToken cancel)
    {
        var isOfTransaction = line.Dialect.MessagesOf(line.Version).Find(call.Action)?.AlwaysAnswered == true;
        // Before it is let in, a charger is heard where it would otherwise lose sessions, and refused the rest (1.6-J errata 3.10, B02.FR.09, FIELD-NOTES 10).
        if (!line.IsAdmitted && call.Action != Boot && !isOfTransaction)
            throw new OcppException(OcppErrorCode.SecurityError, "this charging station is not accepted yet");
        if (!line.IsAdmitted && !_strangers.TryTake())
            await Task.Delay(StrangersWait, clock, cancel);
        try
        {
            return await line.Dialect.HandleAsync(line, call, cancel);
        }
        catch (NotRecordedException failure)
        {
            // What is not on disk is not answered: after a lost line the charger sends it again, after errors it would give up.
            throw new DropLineException("the message could not be recorded", failure);
        }
        catch (Exception failure) when (failure is not (OcppException or DropLineException or OperationCanceledException) && isOfTransaction)
        {
            // A fault of ours. An error would make the charger give the session up after a few tries (FIELD-NOTES 2).
            line.OnTrouble(new(LineTroubleKind.HandlerFailed, $"{call.Action} {call.MessageId}: {failure.GetType().Name}", failure));
            throw new DropLineException("the message could not be handled", failure);
        }
    }
}
