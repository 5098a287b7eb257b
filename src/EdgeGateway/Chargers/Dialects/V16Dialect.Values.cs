using System.Collections.Immutable;
using System.Globalization;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What 1.6 stations measure, brought to what a meter's register would tell (FIELD-NOTES 6, 12).</summary>
public sealed partial class V16Dialect
{
    private const string EnergyUnitEvent = "EnergyUnitDoubted";

    private async ValueTask<ImmutableArray<Reading>> ValuesOfAsync(
        ChargerLine line, Position at, Session? session, IReadOnlyList<MeterValue>? values, CancellationToken cancel)
    {
        if (values is null || values.Count == 0)
            return [];
        List<MeterValue>? righted = null;
        for (var i = 0; i < values.Count; i++)
        {
            if (Righted(line, session, values[i]) is { } moment)
                (righted ??= [.. values])[i] = moment;
        }
        if (righted is not null && line.Quirks.WhDeclaredAsKwh is null)
        {
            if (line.Registers.IsNews())
            {
                await _site.ReportAsync(new Remarked(
                    Severity.Warning, EnergyUnitEvent, line.Station, $"Values of transaction {session?.Number} name kWh and can only be Wh: read as Wh."), cancel);
            }
            if (line.Registers.IsProved)
                await _quirks.LearnAsync(line, static q => q with { WhDeclaredAsKwh = true }, cancel);
        }
        return line.Registers.Right(line, at, session, V16Readings.Of(righted ?? values));
    }

    /// <summary>Null where nothing had to be righted.</summary>
    private MeterValue? Righted(ChargerLine line, Session? session, MeterValue moment)
    {
        List<SampledValue>? samples = null;
        for (var i = 0; i < moment.SampledValue.Count; i++)
        {
            var told = moment.SampledValue[i];
            if (told.Format != ValueFormat.SignedData && told.Value.Contains(',', StringComparison.Ordinal))
                line.Tolerated(Tolerances.NumberForm, "a decimal comma in a sample");
            if (told is not { Unit: UnitOfMeasure.KWh, Measurand: null or Measurand.EnergyActiveImportRegister, Format: not ValueFormat.SignedData }
                || !decimal.TryParse(told.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !line.Registers.IsWh(line, session, value, moment.Timestamp, _clock.GetUtcNow()))
                continue;
            line.Tolerated(Tolerances.WhAsKwh, $"{value} kWh");
            (samples ??= [.. moment.SampledValue])[i] = told with { Unit = UnitOfMeasure.Wh };
        }
        return samples is null ? null : moment with { SampledValue = samples };
    }

    private async ValueTask<MeterValuesResponse> MeterAsync(ChargerLine line, Protocols.Ocpp.Messages.Call<MeterValuesRequest> call, CancellationToken cancel)
    {
        var meter = call.Request;
        var named = SessionOf(line, meter.TransactionId);
        var at = line.Connectors.At(meter.ConnectorId) ?? named?.At ?? line.Connectors.Only ?? line.Connectors.Station;
        var holder = named ?? (_site.State.Occupants.TryGetValue(at, out var number) ? _site.State.Sessions.GetValueOrDefault(number) : null);
        var readings = await ValuesOfAsync(line, at, holder, meter.MeterValue, cancel);
        if (readings.IsEmpty)
            return new();
        if (meter.TransactionId is null && holder is not null)
            line.Tolerated(Tolerances.MeterWithoutTransaction, $"values of {at} while transaction {holder.Number} runs there");
        else if (meter.TransactionId is { } told && named is null)
            line.Tolerated(Tolerances.TransactionUnknown, $"MeterValues of transaction {told}");
        var sample = await _meters.AtAsync(at, readings[^1].Told, MeterMoment.Within, line.Opened, cancel);
        await _site.ReportAsync(new Metered(at, meter.TransactionId, readings.SetItem(readings.Length - 1, readings[^1] with { SiteMeter = sample })), cancel);
        return new();
    }

    private Session? SessionOf(ChargerLine line, int? number) =>
        number is { } n && _site.State.Sessions.TryGetValue(n, out var session) && session.At.Station == line.Station ? session : null;

    /// <summary>Of other numbers only the site knows whether it ever gave them.</summary>
    private static void NoteStop(ChargerLine line, StopTransactionRequest stop)
    {
        if (stop.TransactionId is null or <= 0)
            line.Tolerated(Tolerances.TransactionUnknown, $"StopTransaction of transaction {stop.TransactionId?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        // Stopped by hand, so somebody's card was there (1.6 4.10).
        if (stop.IdTag is null && stop.Reason is null or StopReason.Local)
            line.Tolerated(Tolerances.StopWithoutTag, $"the stop of transaction {stop.TransactionId}");
    }
}
