using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>Registers that belong together and are read in one request, or not at all.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RegisterSpan(RegisterBank Bank, ushort Address, int Count)
{
    /// <summary>The first address behind it.</summary>
    public int End => Address + Count;

    public override string ToString() => Count == 1 ? $"{Bank} {Address}" : $"{Bank} {Address}..{End - 1}";
}

/// <summary>One request and what it is for.</summary>
public sealed record RegisterBlock(RegisterSpan Whole, ImmutableArray<RegisterSpan> Parts);

/// <summary>How spans are read in few requests, within what the device can bear.</summary>
public static class BlockPlan
{
    /// <param name="alone">Spans that share no request with others: the device refused a block they were in.</param>
    /// <returns>Blocks by bank and address; every span is in exactly one.</returns>
    public static ImmutableArray<RegisterBlock> Of(IEnumerable<RegisterSpan> spans, DeviceTemplate limits, Func<RegisterSpan, bool>? alone = null)
    {
        var blocks = ImmutableArray.CreateBuilder<RegisterBlock>();
        RegisterSpan whole = default;
        var parts = new List<RegisterSpan>();
        var wasAlone = false;
        foreach (var span in spans.Distinct().OrderBy(static s => s.Bank).ThenBy(static s => s.Address).ThenBy(static s => s.Count))
        {
            var isAlone = alone?.Invoke(span) ?? false;
            if (parts.Count > 0 && !isAlone && !wasAlone && Joined(whole, span, limits) is { } joined)
                whole = joined;
            else
            {
                Close();
                whole = span;
            }
            parts.Add(span);
            wasAlone = isAlone;
        }
        Close();
        return blocks.ToImmutable();

        void Close()
        {
            if (parts.Count > 0)
                blocks.Add(new(whole, [.. parts]));
            parts.Clear();
        }
    }

    private static RegisterSpan? Joined(RegisterSpan whole, RegisterSpan next, DeviceTemplate limits)
    {
        var joined = whole with { Count = Math.Max(whole.End, next.End) - whole.Address };
        return next.Bank == whole.Bank && next.Address - whole.End <= limits.MostGap && joined.Count <= limits.MostWords
            && (limits.Ranges.IsEmpty || limits.Ranges.Any(r => r.Holds(joined.Bank, joined.Address, joined.Count)))
            ? joined
            : null;
    }
}
