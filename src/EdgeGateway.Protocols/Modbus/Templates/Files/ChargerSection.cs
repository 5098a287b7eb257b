using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>How a charger is ordered about: the section <c>charger</c> of a device file.</summary>
internal static class ChargerSection
{
    private const int PrepareLimit = 16;
    private const decimal MostAmperes = 1000;

    public static ChargerMap? Read(TemplateSection charger)
    {
        var map = new ChargerMap
        {
            States = States(charger.Section("states", needed: true)),
            StateShift = (int?)charger.Whole("stateShift", 0, 63) ?? 0,
            StateMask = charger.Whole("stateMask", 1, long.MaxValue) ?? -1,
            PluggedMask = charger.Whole("pluggedMask", 1, uint.MaxValue),
            Limit = Control(charger, "limit", Units.Amperes, needed: true)!,
            LeastCurrent = charger.Number("leastCurrent") ?? 6,
            Enable = Control(charger, "enable", null),
            Unlock = Control(charger, "unlock", null),
            Watchdog = Control(charger, "watchdog", null),
            WatchdogPeriod = charger.Whole("watchdogSeconds", 1, 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            SafeCurrent = Control(charger, "safeCurrent", Units.Amperes),
            SafeAfter = Control(charger, "safeAfter", Units.Seconds),
            Prepare = [.. charger.Sections("prepare", "what is prepared", PrepareLimit).Select(static p => Control(p, null, valued: true)).OfType<ControlPoint>()],
        };
        if (map.LeastCurrent is < 0 or > MostAmperes)
            charger.Fault("leastCurrent", $"leastCurrent is A, from 0 to {MostAmperes}");
        if (map.Watchdog is not null && map.WatchdogPeriod is null)
            charger.Fault("watchdog", "a watchdog needs watchdogSeconds: how often it is fed");
        charger.Close();
        return map.Limit is null ? null : map;
    }

    private static ImmutableDictionary<string, VehicleState> States(TemplateSection? states)
    {
        var named = ImmutableDictionary.CreateBuilder<string, VehicleState>(StringComparer.Ordinal);
        foreach (var (code, value) in states?.All() ?? [])
        {
            if (value.Kind == JsonTokenType.String && Words.States.TryGetValue(value.Text, out var state))
                named[code] = state;
            else
                states!.Fault(code, $"{code} is one of {string.Join(", ", Words.States.Keys)}");
        }
        if (states is not null && named.Count == 0)
            states.Fault("states needs at least one: the device's code, and what it means");
        return named.ToImmutable();
    }

    private static ControlPoint? Control(TemplateSection charger, string name, FrozenDictionary<string, decimal>? units, bool needed = false) =>
        charger.Section(name, needed) is { } control ? Control(control, units) : null;

    private static ControlPoint? Control(TemplateSection control, FrozenDictionary<string, decimal>? units, bool valued = false)
    {
        var function = control.Choice("function", Words.Writing, needed: true);
        var coil = function?.Bank == RegisterBank.Coil;
        var type = control.Choice("type", Words.Types, needed: !coil) ?? (coil ? RegisterType.Bit : null);
        var address = control.Whole("address", 0, ushort.MaxValue, needed: true);
        var order = control.Choice("order", Words.Orders);
        var factor = units is null ? 1 : control.Choice("unit", units, needed: true) ?? 1;
        var scale = units is null ? null : control.Number("scale");
        var (value, off) = (control.Whole("value", int.MinValue, uint.MaxValue, needed: valued), control.Whole("off", int.MinValue, uint.MaxValue));
        control.Close();
        if (scale is 0)
            control.Fault("scale", "scale is the value of one raw unit, and never 0");
        if (type is RegisterType.Text || type is not null && function is not null && coil != (type == RegisterType.Bit))
            control.Fault("type", "function 5 writes a bit, functions 6 and 16 a number");
        var count = type is null ? 1 : Words.CountOf(type.Value) ?? 1;
        if (count > 1 && order is null)
            control.Fault("order", $"{count} words need an order: ABCD (high word first) or CDAB (low word first)");
        if (count > 1 && function is { Multiple: false })
            control.Fault("function", $"{count} words are written by function 16");
        if (address + count > ushort.MaxValue + 1)
            control.Fault("address", $"{count} words from {address} on end behind the last address");
        return function is null || type is null || address is null ? null : new()
        {
            Bank = function.Value.Bank,
            Address = (ushort)address,
            Type = type.Value,
            Order = order ?? WordOrder.HighWordFirst,
            Scale = (scale ?? 1) * factor,
            Multiple = function.Value.Multiple,
            Value = value ?? 1,
            Off = off ?? 0,
        };
    }
}
