namespace EdgeGateway.Admin;

/// <summary>What is known of a charger beyond its state: what its model needs, what was tolerated of it, and how its settings stand.</summary>
public sealed record StationLore
{
    /// <summary>It is held strictly: what is tolerated is an event.</summary>
    public bool Strict { get; init; }
    public IReadOnlyList<QuirkView> Quirks { get; init; } = [];
    public IReadOnlyList<ToleratedView> Tolerated { get; init; } = [];
    public IReadOnlyList<SettingView> Settings { get; init; } = [];
}

/// <param name="Origin"><c>configuration</c>, <c>learned</c>, or the file that says so.</param>
public sealed record QuirkView(string Name, string Value, string Origin, string? Because);

/// <param name="Code">As in <c>edge-gateway docs tolerances</c>.</param>
/// <param name="Times">Since the gateway's start.</param>
/// <param name="Text">What it was the last time.</param>
public sealed record ToleratedView(string Code, long Times, DateTimeOffset Last, string Text);

/// <param name="Verdict">How it stands: AsWanted, AfterRestart, Refused, ReadOnly, NotKnown, ….</param>
public sealed record SettingView(string Name, string Wanted, string? Is, string Verdict, DateTimeOffset? When);
