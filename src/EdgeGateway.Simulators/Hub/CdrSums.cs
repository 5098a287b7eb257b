using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>What must agree within one CDR (D5, D6).</summary>
internal static class CdrSums
{
    public static IEnumerable<string> Check(JsonObject cdr)
    {
        var periods = cdr.Array("charging_periods");
        if (periods.Count == 0)
        {
            yield return "has no charging period";
            yield break;
        }
        var energy = Sum(periods, "ENERGY");
        if (energy != (cdr.Number("total_energy") ?? -1))
            yield return $"periods sum up to {energy} kWh, total_energy is {cdr.Number("total_energy")}";

        // Hours are written with a limited number of digits, each period with its own rounding.
        var tolerance = 0.0001m * (periods.Count + 1);
        var hours = Sum(periods, "TIME") + Sum(periods, "PARKING_TIME");
        if (Math.Abs(hours - (cdr.Number("total_time") ?? -1)) > tolerance)
            yield return $"periods sum up to {hours} h, total_time is {cdr.Number("total_time")}";
        var parking = Sum(periods, "PARKING_TIME");
        if (Math.Abs(parking - (cdr.Number("total_parking_time") ?? 0)) > tolerance)
            yield return $"periods sum up to {parking} h of parking, total_parking_time is {cdr.Number("total_parking_time")}";

        if (periods[0].Text("start_date_time") != cdr.Text("start_date_time"))
            yield return "its first period does not begin with it";
        if (periods.Any(p => OcpiText.Time(p.Text("start_date_time")) > OcpiText.Time(OcpiWords.End(cdr))))
            yield return "a period begins after its end";
        var tariffs = cdr.Array("tariffs").Select(t => t.Text("id")).ToHashSet();
        foreach (var period in periods)
            if (period.Text("tariff_id") is { } tariff && !tariffs.Contains(tariff))
                yield return $"tariff {tariff} of a period is not among its tariffs";
    }

    private static decimal Sum(JsonArray periods, string dimension) =>
        periods.SelectMany(p => p.Array("dimensions")).Where(d => d.Text("type") == dimension).Sum(d => d.Number("volume") ?? 0);
}
