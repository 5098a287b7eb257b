using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Who answers at a unit: few questions, and none of them a write (<see cref="TableUnit"/> throws at one).</summary>
public sealed class DeviceIdentifierTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task An_ABB_meter_says_what_it_is()
    {
        var unit = new TableUnit().Holding(0x8960, TableUnit.Text("B23 ", 2)).Holding(0x8900, 0x0001, 0xE240);

        var found = await Identify(unit);

        Assert.Equal(new("abb-b23", "ABB", "B23", "123456", "Holding 35168 is 'B23'") { IsCertain = true }, found);
    }

    [Theory]
    [InlineData(72, "carlo-gavazzi-em24-rs485")]
    [InlineData(335, "carlo-gavazzi-em340")]
    [InlineData(1650, "carlo-gavazzi-em340")]
    [InlineData(1760, "carlo-gavazzi-em540")]
    public async Task A_Carlo_Gavazzi_is_known_by_its_number(int number, string template)
    {
        var found = await Identify(new TableUnit().Holding(0x000B, (ushort)number));

        Assert.Equal((template, true), (found!.Template, found.IsCertain));
        Assert.Contains($"11 is {number}", found.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Eastron_is_only_plausible()
    {
        var three = await Identify(DeviceReaderTests.Sdm630());
        Assert.Equal(("eastron-sdm630", "12345678", false), (three!.Template, three.Serial, three.IsCertain));

        var one = await Identify(DeviceReaderTests.Sdm630().Input(2, TableUnit.Float(0f)));
        Assert.Equal("eastron-sdm120", one!.Template);
    }

    [Fact]
    public async Task A_SunSpec_meter_is_found_and_an_inverter_is_named_for_what_it_is()
    {
        var meter = await Identify(SunSpecTests.Integers(40000).Unit);
        Assert.Equal(("sunspec-meter", "Fronius", "Smart Meter 63A", "123456"), (meter!.Template, meter.Vendor, meter.Model, meter.Serial));

        var inverter = await Identify(SunSpecTests.Integers(40000).Unit.Holding(40070, 103, 105));
        Assert.Null(inverter!.Template);
        Assert.Equal(("Fronius", "a SunSpec device without a meter: its models are 1, 103"), (inverter.Vendor, inverter.Why));
    }

    [Fact]
    public async Task Nobody_there_costs_two_questions_and_one_on_a_bus_that_lets_the_silent_rest()
    {
        var unit = new TableUnit { Instead = static _ => TableUnit.Silent };
        Assert.Null(await Identify(unit));
        Assert.Equal(2, unit.Asked.Count);

        var asked = 0;
        var resting = new TableUnit { Instead = _ => asked++ == 0 ? TableUnit.Silent : ModbusAnswer.Failed(ModbusFault.Resting, "resting for 2 s") };
        Assert.Null(await Identify(resting));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_line_that_cannot_be_opened_is_asked_once()
    {
        var unit = new TableUnit { Instead = static _ => ModbusAnswer.Failed(ModbusFault.NoLine, "no such device") };

        Assert.Null(await Identify(unit));
        Assert.Single(unit.Asked);
    }

    [Fact]
    public async Task A_stranger_who_refuses_everything_is_somebody_all_the_same()
    {
        var unit = new TableUnit();

        Assert.Equal(new Identified(null, null, null, null, "it answers, but refuses every register that was asked for"), await Identify(unit));
        Assert.InRange(unit.Asked.Count, 1, DeviceIdentifier.QuestionLimit + 3);
        Assert.Equal(unit.Asked.Count, unit.Asked.Distinct().Count());
    }

    [Fact]
    public async Task A_device_that_swallows_one_question_is_waited_for_until_it_may_be_asked_again()
    {
        var unit = DeviceReaderTests.Sdm630();
        var swallowed = false;
        var rests = false;
        unit.Instead = a =>
        {
            if (a is { Bank: RegisterBank.Holding, Address: 40000 } && !swallowed)
            {
                (swallowed, rests) = (true, true);
                return TableUnit.Silent;
            }
            return rests ? ModbusAnswer.Failed(ModbusFault.Resting, "resting for 2 s") : null;
        };

        var finding = new DeviceIdentifier(TemplateBook.Embedded, _clock).IdentifyAsync(unit, CancellationToken.None);
        Assert.False(finding.IsCompleted);
        rests = false;
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("eastron-sdm630", (await finding)!.Template);
    }

    private Task<Identified?> Identify(TableUnit unit) => new DeviceIdentifier(TemplateBook.Embedded, _clock).IdentifyAsync(unit, CancellationToken.None);
}
