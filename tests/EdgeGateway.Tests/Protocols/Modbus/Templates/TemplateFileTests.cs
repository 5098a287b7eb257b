using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>A device file that breaks a rule is refused with its line and what is expected: one broken file a rule.</summary>
public sealed class TemplateFileTests : IDisposable
{
    private const string Meter = """
        {
          "id": "my-meter", "vendor": "V", "model": "M", "kind": "meter",
          "limits": { "mostWords": 10 },
          "values": [
            { "quantity": "power", "function": 3, "address": 10, "type": "int16", "unit": "W" },
            { "quantity": "energyImport", "function": 3, "address": 20, "type": "uint32", "order": "ABCD", "unit": "kWh" }
          ],
          "identify": [
            { "function": 3, "address": 1, "type": "uint16", "is": [7] }
          ]
        }
        """;

    private const string Charger = """
        {
          "id": "my-charger", "vendor": "V", "model": "M", "kind": "charger", "connectorStep": 1000,
          "values": [
            { "quantity": "state", "function": 3, "address": 1010, "type": "uint16" }
          ],
          "charger": {
            "states": { "1": "absent", "2": "charging" },
            "stateShift": 8, "stateMask": "0x7F",
            "limit": { "function": 16, "address": "0x0500", "type": "uint32", "order": "CDAB", "unit": "mA" },
            "enable": { "function": 5, "address": 400 },
            "watchdog": { "function": 6, "address": 1200, "type": "uint16", "value": 1 },
            "watchdogSeconds": 30,
            "prepare": [ { "function": 6, "address": 258, "type": "uint16", "value": 4 } ]
          }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("templates").FullName;

    public static TheoryData<string, string, string, int, string> MeterFaults => new()
    {
        { "not JSON", "\"kind\": \"meter\",", "\"kind\": meter,", 2, "this is not JSON: 'm' is an invalid start of a value" },
        { "a list", Meter, "[]", 1, "a device file is one object: { … }" },
        { "twice", "\"kind\": \"meter\"", "\"kind\": \"meter\", \"id\": \"other\"", 2, "id is here twice" },
        { "unknown member", "\"kind\": \"meter\"", "\"kind\": \"meter\",\n\"colour\": \"red\"", 3, "colour is unknown here; a device file knows id, " },
        { "unknown member of a value", "\"type\": \"int16\"", "\"type\": \"int16\", \"offset\": 3", 5, "offset is unknown here; a value knows quantity, " },
        { "unknown member of limits", "\"mostWords\": 10", "\"mostWords\": 10, \"words\": 3", 3, "words is unknown here; limits knows mostWords, " },
        { "missing id", "\"id\": \"my-meter\",", "", 1, "a device file needs id" },
        { "id", "my-meter", "My Meter", 2, "id has small letters, digits and hyphens" },
        { "kind", "\"kind\": \"meter\"", "\"kind\": \"lamp\"", 2, "kind is lamp; it is one of meter, charger" },
        { "an empty text", "\"vendor\": \"V\"", "\"vendor\": \"\"", 2, "vendor is a text of 1 to 64 characters" },
        { "no values", "\"values\": [", "\"values\": [], \"hint\": [", 4, "values is a list of 1 to 200: [ … ]" },
        { "a value that is none", "{ \"quantity\": \"power\"", "7, { \"quantity\": \"power\"", 5, "a value is an object: { … }" },
        { "limits", "\"mostWords\": 10", "\"mostWords\": 126", 3, "mostWords is a whole number from 1 to 125, not 126" },
        { "quantity", "\"power\"", "\"strength\"", 5, "quantity is strength; it is one of voltage, current, power" },
        { "phase", "\"power\",", "\"power\", \"phase\": \"L4\",", 5, "phase is L4; it is one of all, L1, L2, L3" },
        { "function", "\"function\": 3, \"address\": 10,", "\"function\": 7, \"address\": 10,", 5, "function is 7; it is one of 1, 2, 3, 4" },
        { "no function", "\"function\": 3, \"address\": 10,", "\"address\": 10,", 5, "a value needs function" },
        { "type", "\"int16\"", "\"float16\"", 5, "type is float16; it is one of uint16, int16" },
        { "bits", "\"function\": 3, \"address\": 10,", "\"function\": 1, \"address\": 10,", 5, "functions 1 and 2 read a bit" },
        { "address", "\"address\": 10,", "\"address\": \"ten\",", 5, "address is a number, or a text such as \"0x01A4\"" },
        { "address too high", "\"address\": 10,", "\"address\": 65536,", 5, "address is a whole number from 0 to 65535, not 65536" },
        { "behind the end", "\"address\": 20,", "\"address\": 65535,", 6, "2 words from 65535 on end behind the last address, 65535" },
        { "no order", "\"order\": \"ABCD\", ", "", 6, "2 words need an order: ABCD (high word first) or CDAB (low word first)" },
        { "order", "\"order\": \"ABCD\"", "\"order\": \"DCBA\"", 6, "order is DCBA; it is one of ABCD, CDAB" },
        { "scale 0", "\"unit\": \"W\"", "\"unit\": \"W\", \"scale\": 0", 5, "scale is the value of one raw unit, and never 0" },
        { "scale", "\"unit\": \"W\"", "\"unit\": \"W\", \"scale\": 1e9", 5, "scale is the value of one raw unit, and never 0" },
        { "unit", "\"unit\": \"kWh\"", "\"unit\": \"kW\"", 6, "unit is kW; it is one of " },
        { "no unit", ", \"unit\": \"kWh\"", "", 6, "a value needs unit" },
        { "a unit too many", "\"quantity\": \"power\"", "\"quantity\": \"powerFactor\"", 5, "this quantity has no unit" },
        { "text", "\"type\": \"int16\"", "\"type\": \"text\", \"words\": 2", 5, "a text has neither scale nor unit" },
        { "text without words", "\"power\", \"function\": 3, \"address\": 10, \"type\": \"int16\", \"unit\": \"W\"", "\"serial\", \"function\": 3, \"address\": 10, \"type\": \"text\"", 5, "a value needs words" },
        { "words", "\"type\": \"int16\"", "\"type\": \"int16\", \"words\": 2", 5, "only a text says how many words it has" },
        { "the same quantity", "\"energyImport\"", "\"power\"", 6, "this quantity and phase are in line 5 already" },
        { "the same registers", "\"address\": 20", "\"address\": 9", 6, "these registers are those of line 5 as well" },
        { "more words than limits", "\"mostWords\": 10", "\"mostWords\": 1", 6, "2 words are more than the 1 of limits.mostWords" },
        { "outside ranges", "\"mostWords\": 10", "\"ranges\": [{ \"function\": 3, \"from\": 0, \"to\": 20 }]", 6, "it lies in none of limits.ranges" },
        { "a range backwards", "\"mostWords\": 10", "\"ranges\": [{ \"function\": 3, \"from\": 20, \"to\": 0 }]", 3, "to is the last address of the range, not before from" },
        { "scaleWhen without condition", "\"unit\": \"W\"", "\"unit\": \"W\", \"scaleWhen\": { \"quantity\": \"power\", \"scale\": 2 }", 5, "scaleWhen needs below, above or both" },
        { "scaleWhen without scale", "\"unit\": \"W\"", "\"unit\": \"W\", \"scaleWhen\": { \"quantity\": \"power\", \"below\": 2 }", 5, "scaleWhen needs scale" },
        { "scaleWhen of nothing", "\"unit\": \"W\"", "\"unit\": \"W\", \"scaleWhen\": { \"quantity\": \"firmware\", \"below\": 2, \"scale\": 2 }", 5, "the quantity it asks for has no number in this file" },
        { "none", "\"unit\": \"W\"", "\"unit\": \"W\", \"none\": [ true ]", 5, "none is a number, or a text such as" },
        { "identify without value", ", \"is\": [7]", "", 9, "a check needs what it looks for: is [numbers], between [least, most] or starts [texts]" },
        { "identify by half a pair", "\"is\": [7]", "\"between\": [7]", 9, "between has pairs: least, most" },
        { "identify a number by text", "\"is\": [7]", "\"starts\": [\"A\"]", 9, "starts is asked of a text, is and between of a number" },
        { "a meter with charger", "\"identify\": [", "\"charger\": {}, \"identify\": [", 8, "a meter has no section charger" },
        { "SunSpec with values", "\"kind\": \"meter\",", "\"kind\": \"meter\", \"sunSpec\": true,", 4, "a SunSpec device tells itself where its values are" },
    };

    public static TheoryData<string, string, string, int, string> ChargerFaults => new()
    {
        { "no charger section", "\"charger\": {", "\"other\": {", 1, "a device file needs charger" },
        { "no state", "\"quantity\": \"state\"", "\"quantity\": \"errorCode\"", 3, "a charger needs a value with quantity state" },
        { "a state unknown", "\"absent\"", "\"gone\"", 7, "1 is one of unknown, absent, connected, charging, fault" },
        { "no states", "{ \"1\": \"absent\", \"2\": \"charging\" }", "{}", 7, "states needs at least one" },
        { "no limit", "\"limit\":", "\"bound\":", 6, "charger needs limit" },
        { "a function that reads", "\"function\": 16", "\"function\": 3", 9, "function is 3; it is one of 5, 6, 16" },
        { "one word for two", "\"function\": 16", "\"function\": 6", 9, "2 words are written by function 16" },
        { "no order", ", \"order\": \"CDAB\"", "", 9, "2 words need an order" },
        { "a limit in Wh", "\"mA\"", "\"Wh\"", 9, "unit is Wh; it is one of " },
        { "a scale of 0", "\"unit\": \"mA\"", "\"unit\": \"mA\", \"scale\": 0", 9, "scale is the value of one raw unit, and never 0" },
        { "a text written", "\"type\": \"uint32\"", "\"type\": \"text\"", 9, "function 5 writes a bit, functions 6 and 16 a number" },
        { "behind the end", "\"0x0500\"", "\"0xFFFF\"", 9, "2 words from 65535 on end behind the last address" },
        { "a bit by a number", "\"address\": 400", "\"address\": 400, \"type\": \"uint16\"", 10, "function 5 writes a bit" },
        { "a watchdog never fed", "\"watchdogSeconds\": 30,", "", 11, "a watchdog needs watchdogSeconds: how often it is fed" },
        { "prepared without value", ", \"value\": 4", "", 13, "what is prepared needs value" },
        { "an unknown member", "\"watchdogSeconds\"", "\"seconds\": 4, \"watchdogSeconds\"", 12, "seconds is unknown here; charger knows states, " },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_examples_have_no_fault_before_they_are_broken()
    {
        Assert.Empty(Read(Meter));
        Assert.Empty(Read(Charger));
    }

    [Theory]
    [MemberData(nameof(MeterFaults))]
    public void A_meter_that_breaks_a_rule_is_refused_with_its_line(string rule, string part, string broken, int line, string expected) => Refused(rule, Meter, part, broken, line, expected);

    [Theory]
    [MemberData(nameof(ChargerFaults))]
    public void A_charger_that_breaks_a_rule_is_refused_with_its_line(string rule, string part, string broken, int line, string expected) => Refused(rule, Charger, part, broken, line, expected);

    [Fact]
    public void A_charger_is_read_as_it_is_written()
    {
        File.WriteAllText(Path.Combine(_folder, "c.json"), Charger);
        var charger = TemplateBook.Load([_folder], out _).Find("my-charger")!;

        Assert.Equal(VehicleState.Charging, charger.Charger!.States["2"]);
        Assert.Equal((8, 0x7F), (charger.Charger.StateShift, charger.Charger.StateMask));
        Assert.Equal(new ControlPoint { Bank = RegisterBank.Holding, Address = 0x500, Type = RegisterType.UInt32, Order = WordOrder.LowWordFirst, Scale = 0.001m, Multiple = true }, charger.Charger.Limit);
        Assert.Equal(new ControlPoint { Bank = RegisterBank.Coil, Address = 400, Type = RegisterType.Bit }, charger.Charger.Enable);
        Assert.Equal(TimeSpan.FromSeconds(30), charger.Charger.WatchdogPeriod);
        Assert.Equal(4, Assert.Single(charger.Charger.Prepare).Value);

        // The third connector's registers lie 2000 further; what is the device's own stays where it is.
        var third = charger.ForConnector(3);
        Assert.Equal(3010, Assert.Single(third.Points).Address);
        Assert.Equal((3280, 400, 3200, 258), (third.Charger!.Limit.Address, third.Charger.Enable!.Address, third.Charger.Watchdog!.Address, third.Charger.Prepare[0].Address));
        Assert.Same(charger, charger.ForConnector(1));
    }

    [Fact]
    public void No_mutilated_file_does_more_than_be_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        const string Letters = "{}[],:\"0123456789.-eExtrufalsn\\\n\u00e4";
        for (var round = 0; round < 500; round++)
        {
            var text = new System.Text.StringBuilder(round % 2 == 0 ? Meter : Charger);
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch { 0 => text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)), 1 => text.Insert(at, Letters[random.Next(Letters.Length)]), _ => text.Replace(text[at], Letters[random.Next(Letters.Length)], at, 1) };
            }
            File.WriteAllText(Path.Combine(_folder, "device.json"), text.ToString());
            var failure = Record.Exception(() => TemplateBook.Load([_folder], out _));
            Assert.True(failure is null, $"seed {seed}, round {round}: {failure}\n{text}");
        }
    }

    private void Refused(string rule, string example, string part, string broken, int line, string expected)
    {
        Assert.Contains(part, example, StringComparison.Ordinal);
        var at = example.IndexOf(part, StringComparison.Ordinal);

        var faults = Read(example[..at] + broken + example[(at + part.Length)..]);

        Assert.True(faults.Any(f => f.Line == line && f.Text.Contains(expected, StringComparison.Ordinal)), $"{rule}: {string.Join("; ", faults.Select(static f => $"{f.Line}: {f.Text}"))}");
    }

    private List<TemplateFault> Read(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "device.json"), text);
        var book = TemplateBook.Load([_folder], out var faults);
        Assert.Equal(faults.Count == 0, book.All.Any(static t => t.Id is "my-meter" or "my-charger"));
        return [.. faults];
    }
}
