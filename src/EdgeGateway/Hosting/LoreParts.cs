using EdgeGateway.Admin;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Chargers.Quirks;

namespace EdgeGateway.Hosting;

/// <summary>Shows the technician what the chargers' side knows of a station.</summary>
internal static class LoreParts
{
    public static Func<string, CancellationToken, ValueTask<StationLore>> Of(IServiceProvider services, Func<ChargersOptions> options) => async (station, cancellationToken) =>
    {
        var known = await services.GetRequiredService<QuirkDesk>().OfAsync(station, null, cancellationToken);
        var limits = await services.GetRequiredService<LimitLadder>().ReadAsync(station, cancellationToken);
        var settings = await services.GetRequiredService<DesiredConfiguration>().ReadAsync(station, cancellationToken);
        return new()
        {
            Strict = options().Station(station)?.Strict ?? false,
            Quirks =
            [
                .. known.Values.Select(static v => new QuirkView(v.Name, v.Value, v.Origin, v.Because)),
                .. limits.Worked.Select(static w => new QuirkView("Limit", $"{w}", StationQuirks.Learned, "it was taken")),
            ],
            Tolerated = [.. services.GetRequiredService<ToleranceLedger>().Of(station).Select(static t => new ToleratedView(t.Code, t.Times, t.Last, t.Text))],
            Settings = [.. settings.Settings.Select(static s => new SettingView(s.Name, s.Wanted, s.Is, s.Verdict.ToString(), s.When))],
        };
    };
}
