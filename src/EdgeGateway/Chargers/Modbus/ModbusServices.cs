using EdgeGateway.Protocols.Modbus;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>Joins the chargers without OCPP to the program. They share their lines with the site's meters.</summary>
internal static class ModbusServices
{
    public static IServiceCollection AddModbusStations(this IServiceCollection services)
    {
        services.TryAddSingleton(static s => new ModbusBuses(s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<Func<ModbusLine, IModbusUnit>>(static s =>
        {
            var buses = s.GetRequiredService<ModbusBuses>();
            return line => buses.Unit(line.Transport, line.Unit, line.Timing);
        });
        return services
            .AddSingleton<ModbusSurroundings>()
            .AddSingleton<ModbusStations>()
            .AddHostedService(static s => s.GetRequiredService<ModbusStations>());
    }
}
