using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>Reads a device file. It is used whole or not at all: a meter whose file is half understood would bill by guess.</summary>
internal sealed partial class TemplateFile
{
    /// <summary>Bytes.</summary>
    public const int SizeLimit = 64 * 1024;
    public const int ValueLimit = 200;
    public const int CheckLimit = 8;
    public const int TextWordLimit = 64;

    /// <summary>Modbus: words of one read.</summary>
    public const int MostWords = 125;
    private const int HintLimit = 2000;

    /// <summary>What a bus bears: longer, and one device would hold up the others.</summary>
    private const int GapLimitMs = 5_000;
    private const int ResponseLimitMs = 10_000;

    private readonly List<TemplateFault> _faults = [];
    private readonly string _source;

    private TemplateFile(string source) => _source = source;

    /// <param name="source">What faults call the file.</param>
    /// <returns>Null when there are faults.</returns>
    public static DeviceTemplate? Read(ReadOnlySpan<byte> utf8, string source, out IReadOnlyList<TemplateFault> faults)
    {
        var file = new TemplateFile(source);
        faults = file._faults;
        if (utf8.Length > SizeLimit)
            file.Fault(0, $"a device file has at most {SizeLimit / 1024} KiB");
        else if (TemplateNode.Read(utf8, file.Fault) is { } root)
        {
            if (root.Kind != JsonTokenType.StartObject)
                file.Fault(root.Line, "a device file is one object: { … }");
            else if (file.Template(new TemplateSection(root, "a device file", file.Fault)) is { } template && faults.Count == 0)
                return template;
        }
        file._faults.Sort(static (a, b) => a.Line.CompareTo(b.Line));
        return null;
    }

    private void Fault(int line, string text) => _faults.Add(new(_source, line, text));

    private DeviceTemplate? Template(TemplateSection file)
    {
        var id = file.Text("id", 64, needed: true);
        if (id is not null && !IdForm().IsMatch(id))
            file.Fault("id", "id has small letters, digits and hyphens, such as eastron-sdm630");
        var kind = file.Choice("kind", Words.Kinds, needed: true);
        var sunSpec = file.Flag("sunSpec") ?? false;
        var limits = file.Section("limits");
        var defaults = Defaults.Of(file.Section("defaults"));
        var template = new DeviceTemplate
        {
            Id = id ?? "",
            Vendor = file.Text("vendor", 64, needed: true) ?? "",
            Model = file.Text("model", 128, needed: true) ?? "",
            Kind = kind ?? DeviceKind.Meter,
            Hint = file.Text("hint", HintLimit),
            IsSunSpec = sunSpec,
            MostWords = (int?)limits?.Whole("mostWords", 1, MostWords) ?? MostWords,
            MostGap = (int?)limits?.Whole("mostGap", 0, MostWords - 1) ?? 0,
            Gap = Milliseconds(limits?.Whole("gapMs", 0, GapLimitMs)),
            Response = Milliseconds(limits?.Whole("responseMs", 10, ResponseLimitMs)),
            Ranges = [.. limits?.Sections("ranges", "a range", ValueLimit).Select(Range).OfType<RegisterRange>() ?? []],
            ConnectorStep = (int?)file.Whole("connectorStep", 1, 10_000),
            Points = [],
            Source = _source,
        };
        limits?.Close();
        if (sunSpec && file.Node("values") is not null)
            file.Fault("values", "a SunSpec device tells itself where its values are: no values here");
        var points = Points(sunSpec ? [] : file.Sections("values", "a value", ValueLimit, needed: true), defaults, template);
        var checks = file.Sections("identify", "a check", CheckLimit).ConvertAll(c => Check(c, defaults));
        var charger = file.Section("charger", needed: kind == DeviceKind.Charger);
        if (charger is not null && kind == DeviceKind.Meter)
            charger.Fault("a meter has no section charger; kind is charger, or it goes");
        else if (charger is not null && !points.Exists(static p => p.Quantity == Quantity.State))
            file.Fault("values", "a charger needs a value with quantity state");
        var map = charger is null ? null : ChargerSection.Read(charger);
        if (map is { PluggedMask: not null } && !points.Exists(static p => p.Quantity == Quantity.Plug))
            charger!.Fault("pluggedMask", "it needs a value with quantity plug");
        file.Close();
        return template with { Points = [.. points], Identity = [.. checks.OfType<IdentityCheck>()], Charger = map };
    }

    private static TimeSpan? Milliseconds(long? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static RegisterRange? Range(TemplateSection range)
    {
        var (bank, from, to) = (range.Choice("function", Words.Reading, needed: true), range.Whole("from", 0, ushort.MaxValue, needed: true), range.Whole("to", 0, ushort.MaxValue, needed: true));
        range.Close();
        if (bank is null || from is null || to is null)
            return null;
        if (from <= to)
            return new(bank.Value, (ushort)from, (ushort)to);
        range.Fault("to", "to is the last address of the range, not before from");
        return null;
    }

    private static List<RegisterPoint> Points(List<TemplateSection> values, Defaults defaults, DeviceTemplate template)
    {
        var points = new List<(RegisterPoint Point, TemplateSection Value)>();
        foreach (var value in values)
        {
            var point = Point(value, defaults);
            value.Close();
            if (point is null)
                continue;
            if (points.Find(p => p.Point.Quantity == point.Quantity && p.Point.Phase == point.Phase).Value is { } twice)
                value.Fault($"this quantity and phase are in line {twice.Line} already");
            if (points.Find(p => p.Point.Bank == point.Bank && p.Point.Address < point.End && point.Address < p.Point.End).Value is { } over)
                value.Fault("address", $"these registers are those of line {over.Line} as well");
            if (point.Count > template.MostWords)
                value.Fault($"{point.Count} words are more than the {template.MostWords} of limits.mostWords");
            if (!template.Ranges.IsEmpty && !template.Ranges.Any(r => r.Holds(point.Bank, point.Address, point.Count)))
                value.Fault("address", "it lies in none of limits.ranges");
            points.Add((point, value));
        }
        foreach (var (rule, value) in points.Where(static p => p.Point.ScaleWhen is not null).Select(static p => (p.Point.ScaleWhen!, p.Value)))
        {
            if (!points.Exists(p => p.Point.Quantity == rule.Of && p.Point.Type != RegisterType.Text))
                value.Fault("scaleWhen", "the quantity it asks for has no number in this file");
        }
        return points.ConvertAll(static p => p.Point);
    }

    private static RegisterPoint? Point(TemplateSection value, Defaults defaults)
    {
        var quantity = value.Choice("quantity", Words.Quantities, needed: true);
        var phase = value.Choice("phase", Words.Phases) ?? Phase.All;
        var place = Place.Read(value, defaults);
        var (scale, rule) = quantity is null ? (1m, null) : Scale(value, quantity.Value, place);
        var none = value.Numbers("none", CheckLimit);
        return quantity is null || place is null ? null : new()
        {
            Quantity = quantity.Value,
            Phase = phase,
            Bank = place.Bank,
            Address = place.Address,
            Type = place.Type,
            Count = place.Count,
            Order = place.Order,
            Scale = scale,
            ScaleWhen = rule,
            None = [.. none],
        };
    }

    private static (decimal Scale, ScaleRule? Rule) Scale(TemplateSection value, Quantity quantity, Place? place)
    {
        var factor = 1m;
        if (Units.For(quantity) is { } units)
            factor = value.Choice("unit", units, needed: true) ?? 1;
        else if (value.Node("unit") is not null)
            value.Fault("unit", "this quantity has no unit");
        var scale = Factor(value);
        if (place?.Type is RegisterType.Text && (value.Has("scale") || Units.For(quantity) is not null))
            value.Fault("type", "a text has neither scale nor unit");
        if (value.Section("scaleWhen") is not { } when)
            return (scale * factor, null);
        var (of, below, above) = (when.Choice("quantity", Words.Quantities, needed: true), when.Number("below"), when.Number("above"));
        if (below is null && above is null)
            when.Fault("scaleWhen needs below, above or both");
        when.Node("scale", needed: true);
        var rule = new ScaleRule(of ?? quantity, below, above, Factor(when) * factor);
        when.Close();
        return (scale * factor, rule);
    }

    /// <summary>How much a raw one is at most or least: beyond it a file is mistaken, and 2^64 times it still a decimal.</summary>
    private const decimal MostScale = 1_000_000;

    private static decimal Factor(TemplateSection value)
    {
        if (value.Number("scale") is not { } scale)
            return 1;
        if (scale == 0 || Math.Abs(scale) > MostScale || Math.Abs(scale) < 1 / MostScale)
            value.Fault("scale", $"scale is the value of one raw unit, and never 0 (at least {1 / MostScale}, at most {MostScale})");
        return scale;
    }

    private static IdentityCheck? Check(TemplateSection check, Defaults defaults)
    {
        var place = Place.Read(check, defaults);
        var (exact, between, starts, certain) = (check.Numbers("is", CheckLimit), check.Numbers("between", 2 * CheckLimit), check.Items("starts", 2 * CheckLimit), check.Flag("certain"));
        check.Close();
        if (exact.Count == 0 && between.Count == 0 && starts.Count == 0)
            check.Fault("a check needs what it looks for: is [numbers], between [least, most] or starts [texts]");
        if (between.Count % 2 != 0 || between.Chunk(2).Any(static p => p.Length == 2 && p[0] > p[1]))
            check.Fault("between", "between has pairs: least, most");
        if (starts.Exists(static s => s.Kind != JsonTokenType.String || s.Text.Length == 0))
            check.Fault("starts", "starts is a list of texts");
        if (place is not null && (place.Type == RegisterType.Text) != (starts.Count > 0))
            check.Fault("type", "starts is asked of a text, is and between of a number");
        return place is null || between.Count % 2 != 0 ? null : new()
        {
            Bank = place.Bank,
            Address = place.Address,
            Type = place.Type,
            Count = place.Count,
            Order = place.Order,
            Between = [.. exact.Select(static n => (n, n)), .. between.Chunk(2).Select(static p => (p[0], p[1]))],
            Starts = [.. starts.Select(static s => s.Text)],
            IsCertain = certain ?? between.Count == 0,
        };
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IdForm();
}
