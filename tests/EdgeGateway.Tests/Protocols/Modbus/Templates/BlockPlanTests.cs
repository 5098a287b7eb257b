using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Which registers are read together.</summary>
public sealed class BlockPlanTests
{
    private static readonly DeviceTemplate Device = new() { Id = "x", Vendor = "", Model = "", Kind = DeviceKind.Meter, Points = [], Source = "" };

    [Fact]
    public void Whatever_is_asked_for_is_read_once_and_within_the_limits()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var device = Device with
            {
                MostWords = random.Next(4, 126),
                MostGap = random.Next(0, 20),
                Ranges = random.Next(2) == 0 ? [] : [new(RegisterBank.Holding, 0, 999), new(RegisterBank.Holding, 1000, 65535), new(RegisterBank.Input, 0, 65535)],
            };
            var alone = random.Next(1, 10);
            // Registers of two banks, some of them overlapping, none across the border of two ranges.
            List<RegisterSpan> spans = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => Span(random)).Where(s => s.Address >= 1000 || s.End <= 1000)];

            var blocks = BlockPlan.Of(spans, device, s => s.Address % alone == 0);

            var told = $"seed {seed}, round {round}";
            Assert.True(spans.Distinct().Order(Comparer<RegisterSpan>.Create(Compare)).SequenceEqual(blocks.SelectMany(b => b.Parts).Order(Comparer<RegisterSpan>.Create(Compare))), told);
            foreach (var block in blocks)
            {
                Assert.True(block.Whole.Count <= device.MostWords, told);
                Assert.True(block.Parts.All(p => p.Bank == block.Whole.Bank && p.Address >= block.Whole.Address && p.End <= block.Whole.End), told);
                Assert.True(block.Parts.Length == 1 || block.Parts.All(p => p.Address % alone != 0), told);
                Assert.True(device.Ranges.IsEmpty || device.Ranges.Any(r => r.Holds(block.Whole.Bank, block.Whole.Address, block.Whole.Count)), told);
                var end = block.Whole.Address;
                foreach (var part in block.Parts)
                {
                    Assert.True(part.Address - end <= device.MostGap, told);
                    end = (ushort)Math.Max(end, part.End);
                }
                Assert.Equal(block.Whole.End, end);
            }
            // No two neighbours could have been one.
            foreach (var (one, next) in blocks.Zip(blocks.Skip(1)).Where(p => p.First.Whole.Bank == p.Second.Whole.Bank && p.First.Parts[^1].Address % alone != 0 && p.Second.Parts[0].Address % alone != 0))
            {
                var joined = Math.Max(next.Parts[0].End, one.Whole.End) - one.Whole.Address;
                Assert.True(joined > device.MostWords || next.Parts[0].Address - one.Whole.End > device.MostGap
                    || !device.Ranges.IsEmpty && !device.Ranges.Any(r => r.Holds(one.Whole.Bank, one.Whole.Address, joined)), told);
            }
        }
    }

    [Fact]
    public void Only_values_that_touch_are_read_together_unless_gaps_are_allowed()
    {
        RegisterSpan[] spans = [new(RegisterBank.Input, 0, 2), new(RegisterBank.Input, 2, 2), new(RegisterBank.Input, 6, 2)];

        Assert.Equal([4, 2], BlockPlan.Of(spans, Device).Select(b => b.Whole.Count));
        Assert.Equal([8], BlockPlan.Of(spans, Device with { MostGap = 2 }).Select(b => b.Whole.Count));
        Assert.Equal([4, 2], BlockPlan.Of(spans, Device with { MostGap = 2, MostWords = 7 }).Select(b => b.Whole.Count));
    }

    private static RegisterSpan Span(Random random) => new(random.Next(2) == 0 ? RegisterBank.Holding : RegisterBank.Input, (ushort)random.Next(900, 1100), random.Next(1, 5));

    private static int Compare(RegisterSpan one, RegisterSpan other) => (one.Bank, one.Address, one.Count).CompareTo((other.Bank, other.Address, other.Count));
}
