using System.Globalization;
using EdgeGateway.Benchmarks;

// edge-gateway's benchmarks: each figure beside its limit, measured in the same run on the same machine.
//   dotnet run -c Release --project tests/EdgeGateway.Benchmarks [-- engine|calls|memory|storm|flood|mqtt|delivery|store|pull|tokens|pricing|modbus …]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["bare-server", var file, var durable])
{
    await BareServer.RunAsync(file, bool.Parse(durable));
    return 0;
}
var all = new Dictionary<string, Func<Task>>
{
    ["engine"] = Suites.EngineAsync,
    ["calls"] = Suites.CallsAsync,
    ["calls20"] = () => Suites.CallsAsync(20),
    ["calls200"] = () => Suites.CallsAsync(200),
    ["memory"] = Suites.MemoryAsync,
    ["storm"] = Suites.StormAsync,
    ["flood"] = Suites.FloodAsync,
    ["mqtt"] = Suites.MqttAsync,
    ["delivery"] = Suites.DeliveryAsync,
    ["store"] = Suites.StoreAsync,
    ["pull"] = Suites.PullAsync,
    ["tokens"] = Suites.TokensAsync,
    ["pricing"] = PricingLoad.RunAsync,
    ["modbus"] = Suites.ModbusAsync,
};
foreach (var name in args.Length == 0 ? all.Keys.Where(n => !char.IsDigit(n[^1])) : (IEnumerable<string>)args)
{
    if (!all.TryGetValue(name, out var suite))
    {
        await Console.Error.WriteLineAsync($"unknown: {name}; there are {string.Join(", ", all.Keys)}");
        return 2;
    }
    Console.WriteLine($"\n== {name}");
    await suite();
}
return 0;
