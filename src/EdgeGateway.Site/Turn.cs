using System.Collections.Immutable;
using EdgeGateway.Site.Requests;

namespace EdgeGateway.Site;

/// <summary>What one batch of inputs leads to. Nothing of it is true before its changes and deliveries are on disk.</summary>
public sealed record Turn
{
    public required SiteState Next { get; init; }

    /// <summary>Rows, in order.</summary>
    public required ImmutableArray<Change> Changes { get; init; }
    public required ImmutableArray<Delivery> Deliveries { get; init; }
    public required ImmutableArray<Order> Orders { get; init; }

    /// <summary>One for each input, in the order of the inputs.</summary>
    public required ImmutableArray<object> Answers { get; init; }

    /// <summary>Nothing has to be written.</summary>
    public bool IsEmpty => Changes.IsEmpty && Deliveries.IsEmpty;
}
