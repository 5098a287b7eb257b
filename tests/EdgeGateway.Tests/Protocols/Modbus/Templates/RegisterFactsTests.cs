using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Our meters against the collected register facts beside the checkout: a wrong digit in an address or a scale would bill wrongly, and look right.</summary>
public sealed partial class RegisterFactsTests
{
    /// <summary>Which table a file's points stand in.</summary>
    private static readonly Dictionary<string, string> Tables = new()
    {
        ["eastron-sdm120"] = "Eastron SDM120",
        ["eastron-sdm630"] = "Eastron SDM630",
        ["eastron-sdm72d-m"] = "Eastron SDM72D-M",
        ["carlo-gavazzi-em24-rs485"] = "Carlo Gavazzi EM24 with RS485",
        ["carlo-gavazzi-em340"] = "Carlo Gavazzi EM24 Ethernet",
        ["carlo-gavazzi-em540"] = "Carlo Gavazzi EM24 Ethernet",
        ["abb-b21"] = "ABB B21",
        ["abb-b23"] = "ABB B21",
        ["janitza-umg96"] = "Janitza UMG 96",
        ["schneider-iem3155"] = "Schneider iEM3155",
        ["siemens-pac2200"] = "Siemens SENTRON PAC2200",
        ["phoenix-contact-eem-ma371-kwh"] = "Phoenix Contact EEM-MA370",
        ["phoenix-contact-eem-ma371-wh"] = "Phoenix Contact EEM-MA370",
    };

    /// <summary>The EV-CC with RS485 has no table: its few registers stand in prose.</summary>
    private static readonly Dictionary<string, string> ChargerTables = new()
    {
        ["abb-terra-ac"] = "ABB Terra AC",
        ["alfen-eve"] = "Alfen Eve",
        ["bender-cc"] = "Bender CC612",
        ["heidelberg-energy-control"] = "Heidelberg Energy Control",
        ["keba-p30"] = "KEBA KeContact",
        ["keba-p40"] = "KEBA KeContact",
        ["phoenix-charx"] = "Phoenix Contact CHARX",
        ["phoenix-ev-eth"] = "Phoenix Contact EV-CC",
        ["phoenix-ev-eth-1a"] = "Phoenix Contact EV-CC",
        ["webasto-next"] = "Webasto Next",
    };

    /// <summary>Rows with one source, or disputed ones, that we keep all the same, each for the reason that stands in its file.</summary>
    private static readonly string[] Doubtful =
    [
        "serial number", "power total", "energy import total", "frequency", "energy import", "energy export", "model id (ASCII \"B21 \", \"B23 \", \"B24 \")",
    ];

    public static TheoryData<string> Meters => [.. TemplateBook.Embedded.All.Where(static t => t.Kind == DeviceKind.Meter && !t.IsSunSpec).Select(static t => t.Id)];

    public static TheoryData<string> Chargers => [.. ChargerTables.Keys];

    [Theory]
    [MemberData(nameof(Chargers))]
    public void Every_register_of_a_charger_stands_in_the_facts_as_we_have_it(string id)
    {
        var (device, rows) = (TemplateBook.Embedded.Find(id)!, Rows(ChargerTables[id]));
        Assert.All(device.Points, point =>
        {
            var row = rows.Find(r => r.Address == Own(point.Address, device));
            Assert.True(row is not null, $"{id}: {point.Quantity} {point.Phase} at {point.Address} is in no row");
            Assert.Equal(row.Function == 4 ? RegisterBank.Input : RegisterBank.Holding, point.Bank);
            // A state whose high byte is a letter is read as a text of one word.
            Assert.Equal(row.Type == "string" || row.Quantity.Contains("high byte", StringComparison.Ordinal) ? "Text" : row.Type, point.Type.ToString(), ignoreCase: true);
            Assert.Equal(row.Words, point.Count);
            Like(row, point.Type, point.Order, point.Scale);
            if (PhaseOf().Match(row.Quantity) is { Success: true } phase)
                Assert.Equal(phase.Value, point.Phase.ToString());
        });
        ControlPoint?[] controls = [device.Charger!.Limit, device.Charger.SafeCurrent, device.Charger.SafeAfter, device.Charger.Enable, device.Charger.Unlock, device.Charger.Watchdog, .. device.Charger.Prepare];
        Assert.All(controls.OfType<ControlPoint>(), control =>
        {
            var row = rows.Find(r => r.Address == Own(control.Address, device));
            Assert.True(row is not null, $"{id}: nothing is written at {control.Address}");
            if (row.Type == "coil")
                Assert.Equal(RegisterType.Bit, control.Type);
            else
            {
                Assert.Equal(row.Type, control.Type.ToString(), ignoreCase: true);
                Like(row, control.Type, control.Order, control.Scale);
            }
            if (row.Function is 6 or 16)
                Assert.Equal(row.Function == 16, control.Multiple);
        });
    }

    private static int Own(int address, DeviceTemplate device) => device.ConnectorStep is { } step && address >= step ? address - step : address;

    private static void Like(Row row, RegisterType type, WordOrder order, decimal scale)
    {
        if (row.Order != "-" && row.Type != "string")
            Assert.Equal(row.Order == "CDAB" ? WordOrder.LowWordFirst : WordOrder.HighWordFirst, order);
        // Where the unit differs by firmware there is a file for each.
        if (type != RegisterType.Text && decimal.TryParse(row.Scale, CultureInfo.InvariantCulture, out var told))
            Assert.Equal(told * (row.Unit.StartsWith("kWh", StringComparison.Ordinal) ? 1000 : row.Unit == "ms" ? 0.001m : 1), scale);
    }

    [Theory]
    [MemberData(nameof(Meters))]
    public void Every_point_stands_in_the_facts_as_we_have_it(string id)
    {
        var rows = Rows(Tables[id]);
        Assert.All(TemplateBook.Embedded.Find(id)!.Points, point => Check(id, point, rows));
    }

    /// <summary>What has two sources and a name that we know is in some file of its table: nothing was forgotten.</summary>
    [Theory]
    [InlineData("eastron-sdm120")]
    [InlineData("eastron-sdm630")]
    [InlineData("eastron-sdm72d-m")]
    [InlineData("carlo-gavazzi-em24-rs485")]
    [InlineData("carlo-gavazzi-em340")]
    [InlineData("abb-b23")]
    [InlineData("janitza-umg96")]
    [InlineData("schneider-iem3155")]
    [InlineData("siemens-pac2200")]
    [InlineData("phoenix-contact-eem-ma371-wh")]
    public void Every_row_with_two_sources_is_used(string id)
    {
        var points = TemplateBook.Embedded.Find(id)!.Points;
        // Averages are none of our quantities; ids and modes of use are not measured.
        var rows = Rows(Tables[id]).Where(static r => r.Confidence == "2+" && !Unmeasured().IsMatch(r.Quantity));
        Assert.All(rows, row => Assert.Contains(points, p => p.Address == row.Address && (int)p.Bank == (row.Function == 4 ? (int)RegisterBank.Input : (int)RegisterBank.Holding)));
    }

    private static void Check(string id, RegisterPoint point, List<Row> rows)
    {
        // Four power factors share a row: L1, L2, L3 and the total.
        var row = rows.Find(r => r.Address == point.Address) ?? rows.Find(r => r.Quantity.Contains("(4 registers)", StringComparison.Ordinal) && point.Address > r.Address && point.Address < r.Address + 4);
        Assert.True(row is not null, $"{id}: {point.Quantity} {point.Phase} at {point.Address} is in no row");
        Assert.True(row.Confidence == "2+" || Doubtful.Contains(row.Quantity), $"{id}: {row.Quantity} is doubtful");
        Assert.Equal(row.Function == 4 ? RegisterBank.Input : RegisterBank.Holding, point.Bank);
        var (type, count) = row.Quantity.StartsWith("model id", StringComparison.Ordinal) ? ("string", 2) : (row.Type, row.Words);
        Assert.Equal(type == "string" ? "Text" : type, point.Type.ToString(), ignoreCase: true);
        Assert.Equal(count, point.Count);
        if (row.Order != "-" && type != "string")
            Assert.Equal(row.Order == "CDAB" ? WordOrder.LowWordFirst : WordOrder.HighWordFirst, point.Order);
        if (row.Scale == "?")
            Assert.Equal(id.EndsWith("-kwh", StringComparison.Ordinal) ? 1000 : 1, point.Scale);
        else if (type != "string")
            Assert.Equal(decimal.Parse(row.Scale, CultureInfo.InvariantCulture) * (row.Unit.StartsWith("kWh", StringComparison.Ordinal) ? 1000 : 1), point.Scale);
        Assert.StartsWith(NameOf(point.Quantity), row.Quantity, StringComparison.Ordinal);
        if (!row.Quantity.Contains("(4 registers)", StringComparison.Ordinal))
            Assert.Equal(PhaseOf().Match(row.Quantity) is { Success: true } phase ? phase.Value : "All", point.Phase.ToString());
        else
            Assert.Equal(point.Address - row.Address, point.Phase == Phase.All ? 3 : (int)point.Phase - 1);
    }

    private static string NameOf(Quantity quantity) => quantity switch
    {
        Quantity.PowerFactor => "power factor",
        Quantity.ReactivePower => "reactive power",
        Quantity.EnergyImport => "energy import",
        Quantity.EnergyExport => "energy export",
        _ => quantity.ToString().ToLowerInvariant(),
    };

    private sealed record Row(string Quantity, int Function, int Address, string Type, int Words, string Order, string Scale, string Unit, string Confidence);

    private static List<Row> Rows(string table)
    {
        var path = Path.Combine(SiteFolder.Checkout, "..", "shared", "modbus", "registers.md");
        if (!File.Exists(path))
            Assert.Skip("no ../shared/modbus/registers.md beside this checkout");
        var lines = File.ReadLines(path).SkipWhile(l => !l.StartsWith("### " + table, StringComparison.Ordinal)).Skip(1).TakeWhile(static l => !l.StartsWith('#'));
        var rows = lines.Select(static l => l.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).Where(static c => c.Length == 11 && int.TryParse(c[1], out _))
            .Select(static c => new Row(c[0], int.Parse(c[1]), int.Parse(c[2]), c[4], int.Parse(c[5].Split(' ')[0]), c[6], c[7], c[8], c[10])).ToList();
        Assert.NotEmpty(rows);
        return rows;
    }

    [GeneratedRegex("average|device id|application|mode", RegexOptions.None, 1000)]
    private static partial Regex Unmeasured();

    [GeneratedRegex("L[123]$", RegexOptions.None, 1000)]
    private static partial Regex PhaseOf();
}
