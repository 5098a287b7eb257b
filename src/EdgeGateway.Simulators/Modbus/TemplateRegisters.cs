using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Simulators.Modbus;

/// <summary>A unit's registers as a template lays them out: values in SI units go in, words lie there.</summary>
internal sealed class TemplateRegisters
{
    private readonly SimulatedUnit _unit;
    private readonly DeviceTemplate _template;

    public TemplateRegisters(SimulatedUnit unit, DeviceTemplate template)
    {
        if (template.IsSunSpec)
            throw new ArgumentException($"{template.Id} is laid out by its device, not by its template", nameof(template));
        (_unit, _template) = (unit, template);
        // What lies between two values is read along with them, so it is there.
        (unit.MostWords, unit.FillsHoles) = (template.MostWords, template.MostGap > 0);
        foreach (var point in template.Points)
        {
            unit.Set(point.Bank, point.Address, new ushort[point.Count]);
            if (point.PowerOfTenAt is { } power)
                unit.Set(point.Bank, power, 0);
        }
        foreach (var check in template.Identity)
            unit.Set(check.Bank, check.Address, Recognised(check));
    }

    public int Phases => Math.Max(1, Enum.GetValues<Phase>().Count(p => p != Phase.All && _template.Points.Any(v => v.Phase == p)));

    /// <summary>Sets a quantity wherever the device shows it: per phase the same in each, but for sums, which are shared out.</summary>
    /// <param name="isShared">Phases add up to the whole.</param>
    public void Set(Quantity quantity, decimal value, bool isShared = false)
    {
        foreach (var point in _template.Points)
        {
            if (point.Quantity == quantity)
                Put(point, isShared && point.Phase != Phase.All ? value / Phases : value);
        }
    }

    /// <summary>Sets a text; where the device keeps a number in its place, the digits (of a card: hexadecimal).</summary>
    public void Set(Quantity quantity, string text)
    {
        foreach (var point in _template.Points)
        {
            if (point.Quantity != quantity || IsRecognisedBy(point))
                continue;
            _unit.Set(point.Bank, point.Address, point.Type == RegisterType.Text ? RawWords.OfText(text, point.Count) : RawWords.OfHex(text, point.Count, point.Order));
        }
    }

    private void Put(RegisterPoint point, decimal value)
    {
        if (point.Type != RegisterType.Text && !(IsRecognisedBy(point) && value == 0))
            _unit.Set(point.Bank, point.Address, RawWords.Of(point.Type, point.Order, value / point.Scale));
    }

    private bool IsRecognisedBy(RegisterPoint point) => _template.Identity.Any(c => c.IsCertain && c.Bank == point.Bank && c.Address == point.Address);

    private static ushort[] Recognised(IdentityCheck check) => check.Starts is [var start, ..]
        ? RawWords.OfText(start, check.Count)
        : RawWords.Of(check.Type, check.Order, check.Between is [var range, ..] ? range.Least : 0);
}
