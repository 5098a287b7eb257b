using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Transactions and meter values in 2.x (E, J). Whatever is wrong with them, they are answered: an error would make the charger drop them.</summary>
public sealed partial class V21Dialect
{
    /// <summary>Longer ids than the standard's 36 are kept as they are up to this.</summary>
    public const int MaxTransactionChars = 255;

    private async ValueTask<TransactionEventResponse> TransactionAsync(ChargerLine line, Call<TransactionEventRequest> call, CancellationToken cancel)
    {
        var told = call.Request;
        var at = V21Places.OfTransaction(_site.State, line.Station, told.Evse);
        var phase = told.EventType switch
        {
            TransactionEventKind.Started => TransactionPhase.Started,
            TransactionEventKind.Ended => TransactionPhase.Ended,
            _ => TransactionPhase.Updated,
        };
        if (TransactionOf(line, told, at, phase) is not { } transaction)
            return await NamelessAsync(line, told, at, cancel);

        var idTag = told.IdToken is { } token && IdTags.Of(line, token.Token) is { Length: > 0 } tag ? tag : null;
        var stops = phase == TransactionPhase.Ended || told.TriggerReason == TriggerReason.StopAuthorized;
        var place = at ?? _site.State.SessionOf(line.Station, transaction)?.At;
        var heard = await _site.ReportAsync(
            new TransactionTold
            {
                Station = line.Station,
                Transaction = transaction,
                Phase = phase,
                Sequence = told.SeqNo is >= 0 and <= int.MaxValue ? (int)told.SeqNo : null,
                Told = told.Timestamp,
                At = at,
                IdTag = idTag,
                Authorization = idTag is null ? null : await DecideAsync(line, transaction, at, told.IdToken!, idTag, stops, cancel),
                // What a session starts at is its register, from whatever it counts afterwards.
                Readings = phase == TransactionPhase.Started ? ReadingsOf(told) : Righted(line, at, ReadingsOf(told)),
                Charging = PhaseOf(told.TransactionInfo?.ChargingState),
                Trigger = told.TriggerReason?.ToString(),
                Order = told.TransactionInfo?.RemoteStartId,
                Reservation = told.ReservationId,
                // Left out it is Local (2.1 part 2, 1.60).
                StopReason = phase == TransactionPhase.Ended ? (told.TransactionInfo?.StoppedReason ?? Reason.Local).ToString() : null,
                SiteMeter = place is null ? null : await _meters.AtAsync(place, told.Timestamp, MomentOf(phase), line.Opened, cancel),
                IsOffline = told.Offline == true,
                Incomplete = Missing(told.EventType is null ? "eventType" : null, told.Timestamp is null ? "timestamp" : null, told.TransactionInfo?.TransactionId is null ? "transactionId" : null),
            },
            cancel);
        var cost = CostOf(line, phase, heard);
        if (cost is not null)
            line.Costs.Told(transaction, cost.Value);
        // A token of no authorization is named all the same, so it is answered.
        var authorization = heard.Authorization
            ?? (told.IdToken is null ? null : Authorization.Refused(Site.Model.AuthorizationStatus.Invalid, "no token"));
        return new()
        {
            IdTokenInfo = authorization is null ? null : InfoOf(line, authorization),
            TotalCost = cost,
        };
    }

    private async ValueTask<MeterValuesResponse> MeterAsync(ChargerLine line, Call<MeterValuesRequest> call, CancellationToken cancel)
    {
        var at = V21Places.OfValues(_site.State, line.Station, call.Request.EvseId);
        var readings = Righted(line, at, V21Readings.Of(call.Request.MeterValue));
        if (readings.IsEmpty)
            return new();
        var sample = await _meters.AtAsync(at, readings[^1].Told, MeterMoment.Within, line.Opened, cancel);
        await _site.ReportAsync(new Metered(at, null, readings.SetItem(readings.Length - 1, readings[^1] with { SiteMeter = sample })), cancel);
        return new();
    }

    /// <summary>Brought to what a meter's register would tell (FIELD-NOTES 12).</summary>
    private ImmutableArray<Reading> Righted(ChargerLine line, Position? at, ImmutableArray<Reading> readings) =>
        at is null || readings.IsEmpty ? readings : line.Registers.Right(line, at, _site.State.OccupantOf(at), readings);

    /// <summary>The id by which the transaction is known; null for an event that names none and cannot be of one that is known (FIELD-NOTES 2, 23).</summary>
    private string? TransactionOf(ChargerLine line, TransactionEventRequest told, Position? at, TransactionPhase phase)
    {
        var id = told.TransactionInfo?.TransactionId?.Trim();
        if (id is { Length: > MaxTransactionChars })
            return $"{id[..36]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16))}";
        if (!string.IsNullOrEmpty(id))
            return id;
        line.Tolerated(Tolerances.TransactionUnknown, $"TransactionEvent {told.EventType} of transaction none");
        var running = at is null ? null : _site.State.OccupantOf(at);
        if (phase != TransactionPhase.Started && running?.Transaction is { } known)
            return known;
        // The same event, said again, gets the same name.
        return phase == TransactionPhase.Started
            ? string.Create(CultureInfo.InvariantCulture, $"?{told.Evse?.Id ?? 0}-{told.Timestamp?.ToUnixTimeMilliseconds() ?? 0:x}-{told.SeqNo ?? 0}")
            : null;
    }

    /// <summary>Of an event that can be of no transaction its values are kept, and a person is told.</summary>
    private async ValueTask<TransactionEventResponse> NamelessAsync(ChargerLine line, TransactionEventRequest told, Position? at, CancellationToken cancel)
    {
        if (ReadingsOf(told) is { IsEmpty: false } readings)
            await _site.ReportAsync(new Metered(at ?? new(line.Station, 0, 0), null, readings), cancel);
        await _site.ReportAsync(
            new Remarked(Severity.Warning, "TransactionNameless", line.Station, $"A TransactionEvent {told.EventType} of no transaction came; its frame is in the station's log."), cancel);
        return new() { IdTokenInfo = told.IdToken is null ? null : new() { Status = Protocols.Ocpp.V21.AuthorizationStatus.Invalid } };
    }

    private static ImmutableArray<Reading> ReadingsOf(TransactionEventRequest told)
    {
        var readings = V21Readings.Of(told.MeterValue);
        string?[] said =
        [
            told.TransactionInfo?.TimeSpentCharging is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"charging={seconds}s") : null,
            told.NumberOfPhasesUsed is { } phases ? string.Create(CultureInfo.InvariantCulture, $"phases={phases}") : null,
            told.CableMaxCurrent is { } amperes ? string.Create(CultureInfo.InvariantCulture, $"cable={amperes}A") : null,
        ];
        var text = string.Join(' ', said.Where(static s => s is not null));
        return text.Length == 0 ? readings
            : readings is [.., var last] ? readings.SetItem(readings.Length - 1, last with { Text = $"{last.Text} {text}" })
            : [new(told.Timestamp, null, null, null, text)];
    }

    private async ValueTask<Authorization> DecideAsync(
        ChargerLine line, string transaction, Position? at, IdToken token, string idTag, bool stops, CancellationToken cancel)
    {
        if (!line.IsAdmitted)
            return Authorization.Refused(Site.Model.AuthorizationStatus.Invalid, "the station is not accepted yet");
        // The driver's own, as it was shown before: whatever is known of tokens by now.
        if (_site.State.SessionOf(line.Station, transaction) is { Authorization.Status: Site.Model.AuthorizationStatus.Accepted } running && Uid.Same(running.IdTag, idTag))
            return running.Authorization;
        return await NamedAsync(token, idTag, cancel) is { } uid
            ? await _authorizations.DecideTransactionAsync(line.Station, transaction, at, uid, stops, cancel)
            : Authorization.Refused(Site.Model.AuthorizationStatus.Invalid, "no such code");
    }

    /// <summary>2.0.1 hears the cost when charging has ended, and by CostUpdated before; 2.1 with each update (I02, I03).</summary>
    private static decimal? CostOf(ChargerLine line, TransactionPhase phase, TransactionHeard heard) =>
        (phase == TransactionPhase.Ended || (phase == TransactionPhase.Updated && line.Version == OcppVersion.V21)) && heard.Cost is { } cost
            ? RunningCosts.AmountOf(cost)
            : null;

    private static MeterMoment MomentOf(TransactionPhase phase) => phase switch
    {
        TransactionPhase.Started => MeterMoment.Start,
        TransactionPhase.Ended => MeterMoment.End,
        _ => MeterMoment.Within,
    };

    private static ChargingPhase? PhaseOf(ChargingState? state) => state switch
    {
        ChargingState.Idle => ChargingPhase.Idle,
        ChargingState.EVConnected => ChargingPhase.EVConnected,
        ChargingState.Charging => ChargingPhase.Charging,
        ChargingState.SuspendedEV => ChargingPhase.SuspendedEV,
        ChargingState.SuspendedEVSE => ChargingPhase.SuspendedEvse,
        _ => null,
    };

    private static string? Missing(params ReadOnlySpan<string?> names)
    {
        var all = new List<string>();
        foreach (var name in names)
        {
            if (name is not null)
                all.Add(name);
        }
        return all.Count == 0 ? null : $"missing or unreadable: {string.Join(", ", all)}";
    }
}
