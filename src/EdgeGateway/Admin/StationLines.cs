namespace EdgeGateway.Admin;

/// <summary>A station's open line, and what the gateway has given it.</summary>
public sealed record LineView
{
    /// <summary>OCPP's security profile that the line amounts to; 0 proves nothing (S1).</summary>
    public required int Profile { get; init; }

    /// <summary>How it got in.</summary>
    public string? Note { get; init; }

    /// <summary>Nobody has let it in yet: it is heard, and gets nothing.</summary>
    public required bool IsQuarantined { get; init; }
    public required DateTimeOffset Opened { get; init; }
    public double? SilenceSeconds { get; init; }

    /// <summary>Received on this line.</summary>
    public required long Messages { get; init; }

    /// <summary>Tolerated, or trouble, on this line.</summary>
    public required long Warnings { get; init; }
}

/// <summary>What a station keeps of ours, and how it is told limits.</summary>
public sealed record HoldingsView
{
    public LocalListView? LocalList { get; init; }

    /// <summary>Ways of telling a limit that it took, the newest first.</summary>
    public required IReadOnlyList<string> LimitWays { get; init; }

    /// <summary>Variables of its device model (OCPP 2.x); null: it never told.</summary>
    public int? ModelVariables { get; init; }
    public DateTimeOffset? ModelTold { get; init; }
}

/// <param name="Supported">Null: not asked yet.</param>
/// <param name="Trouble">Why it is not in step.</param>
public sealed record LocalListView(bool? Supported, int Version, int Entries, DateTimeOffset? Sent, string? Trouble);

/// <param name="Name"><c>Component.Variable</c>.</param>
public sealed record VariableView(string Name, string? Value, string? Mutability, string? Type, string? Unit);

/// <summary>What only the chargers' side knows of a station.</summary>
public sealed record AdminLines
{
    /// <summary>Null when there is none.</summary>
    public required Func<string, LineView?> Line { get; init; }

    /// <summary>Why there is none, where that is known.</summary>
    public Func<string, string?> TroubleOf { get; init; } = static _ => null;
    public required Func<string, CancellationToken, Task<HoldingsView>> HoldingsAsync { get; init; }

    /// <summary>Null when it never told.</summary>
    public required Func<string, CancellationToken, Task<IReadOnlyList<VariableView>?>> ModelAsync { get; init; }
}
