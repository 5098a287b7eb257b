namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>What a device file says, for people.</summary>
public static class TemplateSheet
{
    /// <summary>What it is, what it shows, how it is known, what to mind; the first line names it.</summary>
    public static IEnumerable<string> Of(DeviceTemplate template)
    {
        yield return $"{template.Id}: {template.Kind.ToString().ToLowerInvariant()}, {template.Vendor} {template.Model} ({template.Source})";
        if (!template.Points.IsEmpty)
            yield return "  " + string.Join(", ", template.Points.GroupBy(static p => p.Quantity).OrderBy(static g => g.Key).Select(Shown));
        if (template.Identity.Any(static c => c.IsCertain) || template.IsSunSpec)
            yield return "  A scan recognises it.";
        else if (!template.Identity.IsEmpty)
            yield return "  A scan finds it by values that are plausible: look at its display as well.";
        if (template.Hint is { } hint)
            yield return "  " + hint;
    }

    private static string Shown(IGrouping<Quantity, RegisterPoint> points)
    {
        var phases = string.Join('/', points.Select(static p => p.Phase).Where(static p => p != Phase.All).Order());
        var name = points.Key.ToString();
        return phases.Length == 0 ? name : points.Any(static p => p.Phase == Phase.All) ? $"{name} (and {phases})" : $"{name} {phases}";
    }
}
