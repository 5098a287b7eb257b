using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What people want done, in 1.6.</summary>
public sealed partial class V16Dialect
{
    public async Task<CareAnswer> CareAsync(ChargerLine line, CareTask task, CancellationToken cancellationToken) => task switch
    {
        Site.Care.ResetStation reset => await ResetAsync(line, reset, cancellationToken),
        Site.Care.UnlockConnector unlock => await UnlockAsync(line, unlock, cancellationToken),
        SetAvailability availability => await AvailabilityAsync(line, availability, cancellationToken),
        Site.Care.TriggerMessage trigger => await TriggerAsync(line, trigger, cancellationToken),
        ReadSettings read => await V16Settings.ReadAsync(line, read, cancellationToken),
        WriteSettings write => await V16Settings.WriteAsync(line, write, cancellationToken),
        SetStationLimit limit => await LimitAsync(line, limit, cancellationToken),
        ReadLimits read => await ReadLimitsAsync(line, read, cancellationToken),
        ClearAuthorizationCache => CareAnswers.Read(
            await line.Rpc.CallAsync(V16Actions.ClearCache, new(), cancellationToken),
            static r => CareAnswers.Of(r.Status, r.Status == ClearCacheStatus.Accepted ? CareOutcome.Done : CareOutcome.Refused)),
        Site.Care.UpdateFirmware update => await V16Files.UpdateAsync(line, update, _clock.GetUtcNow(), cancellationToken),
        UploadLogs logs => await V16Files.UploadAsync(line, logs, cancellationToken),
        _ => CareAnswer.Of(CareOutcome.NotSupported, $"no 1.6 message does {task.GetType().Name}"),
    };

    private static async Task<CareAnswer> ResetAsync(ChargerLine line, Site.Care.ResetStation reset, CancellationToken cancellationToken)
    {
        if (reset.Evse is not null)
            return CareAnswers.Invalid("OCPP 1.6 resets the whole station only.");
        var answer = await line.Rpc.CallAsync(V16Actions.Reset, new() { Type = reset.Hard ? ResetType.Hard : ResetType.Soft }, cancellationToken);
        return CareAnswers.Read(answer, static r => CareAnswers.Of(r.Status, r.Status == ResetStatus.Accepted ? CareOutcome.Done : CareOutcome.Refused));
    }

    private static async Task<CareAnswer> UnlockAsync(ChargerLine line, Site.Care.UnlockConnector unlock, CancellationToken cancellationToken)
    {
        var at = new Position(line.Station, unlock.Evse, unlock.Connector);
        if (V16Places.Unknown(line, at) is { } unknown)
            return unknown;
        var answer = await line.Rpc.CallAsync(V16Actions.UnlockConnector, new() { ConnectorId = line.Connectors.NumberOf(at) }, cancellationToken);
        return CareAnswers.Read(answer, static r => CareAnswers.Of(r.Status, r.Status switch
        {
            UnlockStatus.Unlocked => CareOutcome.Done,
            UnlockStatus.NotSupported => CareOutcome.NotSupported,
            _ => CareOutcome.Refused,
        }));
    }

    /// <summary>1.6 knows connectors only: an EVSE with several of them takes a message for each, and the least of their answers counts.</summary>
    private static async Task<CareAnswer> AvailabilityAsync(ChargerLine line, SetAvailability wanted, CancellationToken cancellationToken)
    {
        if (wanted.Evse is { } named && V16Places.Unknown(line, new(line.Station, named, wanted.Connector ?? 0)) is { } unknown)
            return unknown;
        CareAnswer? least = null;
        foreach (var number in V16Places.Numbers(line, wanted.Evse, wanted.Connector))
        {
            var request = new ChangeAvailabilityRequest { ConnectorId = number, Type = wanted.Operative ? AvailabilityType.Operative : AvailabilityType.Inoperative };
            var answer = CareAnswers.Read(await line.Rpc.CallAsync(V16Actions.ChangeAvailability, request, cancellationToken), static r => CareAnswers.Of(r.Status, r.Status switch
            {
                AvailabilityStatus.Accepted => CareOutcome.Done,
                // When the transaction that goes on there is over (5.2).
                AvailabilityStatus.Scheduled => CareOutcome.Later,
                _ => CareOutcome.Refused,
            }));
            least = least is null || answer.Outcome > least.Outcome ? answer : least;
        }
        return least!;
    }

    private async Task<CareAnswer> TriggerAsync(ChargerLine line, Site.Care.TriggerMessage trigger, CancellationToken cancellationToken)
    {
        if (trigger.Evse is { } evse && V16Places.Unknown(line, new(line.Station, evse, trigger.Connector ?? 0)) is { } unknown)
            return unknown;
        int? number = trigger.Evse is { } at ? V16Places.Numbers(line, at, trigger.Connector)[0] : null;
        // 2.x's name for the same: people need not know which version a charger speaks.
        var name = trigger.Message.Equals("SignChargingStationCertificate", StringComparison.OrdinalIgnoreCase) ? nameof(ExtendedMessageTrigger.SignChargePointCertificate) : trigger.Message;
        // An answer to it looks like a restart, and a restart ends sessions (FIELD-NOTES 22).
        if (name.Equals(nameof(MessageTrigger.BootNotification), StringComparison.OrdinalIgnoreCase) && _site.State.Sessions.Values.Any(s => s.IsOpen && s.At.Station == line.Station))
            return CareAnswers.Invalid("A session goes on there: a BootNotification would be taken for a restart, which ends it.");
        if (Enum.TryParse<MessageTrigger>(name, ignoreCase: true, out var message) && Enum.IsDefined(message))
            return CareAnswers.Read(await line.Rpc.CallAsync(V16Actions.TriggerMessage, new() { RequestedMessage = message, ConnectorId = number }, cancellationToken), static r => OfTrigger(r.Status));
        if (Enum.TryParse<ExtendedMessageTrigger>(name, ignoreCase: true, out var extended) && Enum.IsDefined(extended))
            return CareAnswers.Read(await line.Rpc.CallAsync(V16Actions.ExtendedTriggerMessage, new() { RequestedMessage = extended, ConnectorId = number }, cancellationToken), static r => OfTrigger(r.Status));
        return CareAnswers.Invalid(
            $"OCPP 1.6 cannot ask for {trigger.Message}; it can for {string.Join(", ", Enum.GetNames<MessageTrigger>().Union(Enum.GetNames<ExtendedMessageTrigger>()))}.");
    }

    private static CareAnswer OfTrigger(TriggerMessageStatus status) => CareAnswers.Of(status, status switch
    {
        TriggerMessageStatus.Accepted => CareOutcome.Done,
        TriggerMessageStatus.NotImplemented => CareOutcome.NotSupported,
        _ => CareOutcome.Refused,
    });

    private async Task<CareAnswer> LimitAsync(ChargerLine line, SetStationLimit wanted, CancellationToken cancellationToken)
    {
        if (wanted.Evse is { } evse && V16Places.Unknown(line, new(line.Station, evse, 0)) is { } unknown)
            return unknown;
        ChargingLimits? limits = wanted.Limit is { } limit ? new() { Unit = wanted.Unit, Steps = [new(TimeSpan.Zero, limit)] } : null;
        CareAnswer? worst = null;
        foreach (var number in V16Places.Numbers(line, wanted.Evse, null))
        {
            var at = number == 0 ? line.Connectors.Station : line.Connectors.At(number)!;
            var answer = CareAnswers.Of(await _limits.SetStandingAsync(line, at, limits, cancellationToken), limits is null ? "No limit of ours holds." : "It holds.");
            worst = worst is null || answer.Outcome > worst.Outcome ? answer : worst;
        }
        return worst!;
    }

    /// <summary>What holds in the next hours, all profiles taken together: 1.6 does not tell which profiles are there.</summary>
    private static async Task<CareAnswer> ReadLimitsAsync(ChargerLine line, ReadLimits read, CancellationToken cancellationToken)
    {
        if (read.Evse is { } named && V16Places.Unknown(line, new(line.Station, named, 0)) is { } unknown)
            return unknown;
        var values = ImmutableArray.CreateBuilder<CareValue>();
        CareAnswer? worst = null;
        var numbers = read.Evse is null ? [0, .. line.Connectors.Connectors.Select(line.Connectors.NumberOf).Order()] : V16Places.Numbers(line, read.Evse, null);
        foreach (var number in numbers)
        {
            var request = new GetCompositeScheduleRequest { ConnectorId = number, Duration = (int)TimeSpan.FromHours(read.Hours).TotalSeconds };
            var answer = CareAnswers.Read(
                await line.Rpc.CallAsync(V16Actions.GetCompositeSchedule, request, cancellationToken),
                r => CareAnswers.Of(r.Status, r.Status == GetCompositeScheduleStatus.Accepted ? CareOutcome.Done : CareOutcome.Refused) with { Values = LimitsOf(number, r) });
            values.AddRange(answer.Values);
            worst = worst is null || answer.Outcome > worst.Outcome ? answer : worst;
            if (answer.Outcome is CareOutcome.TimedOut or CareOutcome.Offline or CareOutcome.NotSupported)
                break;
        }
        // Many answer for their connectors, or for connector 0, and not for both.
        return values.Count > 0 ? new(CareOutcome.Done, "Accepted", values.ToImmutable())
            : worst!.Outcome is CareOutcome.Done ? CareAnswer.Of(CareOutcome.Done, "No limit holds.") : worst with { Values = [] };
    }

    private static ImmutableArray<CareValue> LimitsOf(int connector, GetCompositeScheduleResponse told)
    {
        if (told.ChargingSchedule is not { } schedule)
            return [];
        var start = schedule.StartSchedule ?? told.ScheduleStart;
        return
        [
            .. schedule.ChargingSchedulePeriod.Select(p => new CareValue(
                $"{(connector == 0 ? "station" : $"connector {connector}")} {(start is { } from ? $"{from.AddSeconds(p.StartPeriod).ToUniversalTime():yyyy-MM-dd'T'HH:mm:ss'Z'}" : $"after {p.StartPeriod} s")}",
                string.Create(CultureInfo.InvariantCulture, $"{p.Limit:0.###} {schedule.ChargingRateUnit}"), p.NumberPhases is { } phases ? $"{phases} phases" : null)),
        ];
    }
}
