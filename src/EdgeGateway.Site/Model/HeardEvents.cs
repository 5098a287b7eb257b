using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Site.Model;

/// <summary>The events of a transaction in order of arrival, and what each new one is judged by: kept as they come, so that a long transaction is not gone
/// through for each of its meter values. Immutable.</summary>
[CollectionBuilder(typeof(HeardEvents), nameof(Of))]
public sealed class HeardEvents : IReadOnlyList<HeardEvent>
{
    private static readonly HeardEvents None = new([]);
    private readonly ImmutableList<HeardEvent> _all;

    private HeardEvents(ImmutableList<HeardEvent> all) => _all = all;

    /// <summary>The newest that ends it; null while none does.</summary>
    public HeardEvent? End { get; private init; }

    /// <summary>The earliest that knows of a vehicle; null while none does.</summary>
    public HeardEvent? Connected { get; private init; }

    /// <summary>Whether one of them is its beginning.</summary>
    public bool HasStart { get; private init; }

    /// <summary>The newest time that the charger told: what is told later has not been heard before.</summary>
    public DateTimeOffset? LatestTold { get; private init; }

    public int Count => _all.Count;

    public HeardEvent this[int index] => _all[index];

    public static HeardEvents Of(ReadOnlySpan<HeardEvent> events)
    {
        var heard = None;
        foreach (var e in events)
            heard = heard.Add(e);
        return heard;
    }

    public HeardEvents Add(HeardEvent e) => new(_all.Add(e))
    {
        End = e.Phase is TransactionPhase.Ended && !(End?.At >= e.At) ? e : End,
        Connected = e.IsConnected && (Connected is null || e.IsBefore(Connected)) ? e : Connected,
        HasStart = HasStart || e.Phase is TransactionPhase.Started,
        LatestTold = LatestTold >= e.Told ? LatestTold : e.Told ?? LatestTold,
    };

    /// <summary>Those from this position on.</summary>
    public ImmutableArray<HeardEvent> From(int first) => [.. _all.GetRange(first, _all.Count - first)];

    IEnumerator<HeardEvent> IEnumerable<HeardEvent>.GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _all.GetEnumerator();

    public ImmutableList<HeardEvent>.Enumerator GetEnumerator() => _all.GetEnumerator();
}
