using EdgeGateway.Admin;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Chargers.LocalLists;

namespace EdgeGateway.Hosting;

/// <summary>Shows the technician's listener what the chargers' side knows of its lines.</summary>
internal static class LineParts
{
    public static AdminLines Of(IServiceProvider services)
    {
        var (stations, limits, models, lists) = (
            services.GetRequiredService<ChargingStations>(), services.GetRequiredService<LimitLadder>(), services.GetRequiredService<DeviceModels>(), services.GetRequiredService<ListKeeper>());
        return new()
        {
            Line = station => stations.Line(station) is { } line
                ? new()
                {
                    Profile = line.Profile, Note = line.Note, IsQuarantined = line.IsQuarantined, Opened = line.Opened, SilenceSeconds = line.Silence?.TotalSeconds,
                    Messages = line.Messages, Warnings = line.Warnings,
                }
                : null,
            TroubleOf = stations.TroubleOf,
            HoldingsAsync = async (station, cancellationToken) =>
            {
                var (list, ways, model) = (
                    await lists.KnownAsync(station, cancellationToken), await limits.ReadAsync(station, cancellationToken), await models.ReadAsync(station, cancellationToken));
                return new()
                {
                    LocalList = list.Asked is null && list.Sent is null ? null : new(list.IsSupported, list.Version, list.Entries.Length, list.Sent, list.Trouble),
                    LimitWays = [.. ways.Worked.Select(static w => $"{w.Purpose} in {w.Unit}, {w.Kind}, stack level {w.StackLevel}")],
                    ModelVariables = model?.Variables.Length,
                    ModelTold = model?.Told,
                };
            },
            ModelAsync = async (station, cancellationToken) => await models.ReadAsync(station, cancellationToken) is { } model
                ? [.. model.Variables.Select(static v => new VariableView(v.Name, v.Value, v.Mutability, v.Type, v.Unit))]
                : null,
        };
    }
}
