namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>What answers at a unit, as far as it can be told.</summary>
/// <param name="Template">The likely template's id; null: something answers that no file describes.</param>
/// <param name="Why">For people: what was asked, and what came.</param>
public sealed record Identified(string? Template, string? Vendor, string? Model, string? Serial, string Why)
{
    /// <summary>It said what it is; otherwise its values are only plausible, and somebody should compare them with its display.</summary>
    public bool IsCertain { get; init; }
}
