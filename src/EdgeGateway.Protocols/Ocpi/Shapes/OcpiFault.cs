namespace EdgeGateway.Protocols.Ocpi.Shapes;

/// <summary>
/// One fault of an object: <c>Path</c> from its root (<c>elements[0].price_components[1].price</c>, empty for the object itself),
/// what was found (cut to <see cref="MaxFoundLength"/>) and what was expected.
/// </summary>
public sealed record OcpiFault(string Path, string Found, string Expected)
{
    public const int MaxFoundLength = 60;

    public override string ToString() => $"{(Path.Length == 0 ? "object" : Path)}: found {Found}, expected {Expected}";

    /// <summary>All faults in one line, for a <c>status_message</c>.</summary>
    public static string Summary(IEnumerable<OcpiFault> faults) => string.Join("; ", faults);
}

/// <summary>An object that was read, or why it could not be: exactly one of both is there.</summary>
public sealed record OcpiRead<T>(T? Value, IReadOnlyList<OcpiFault> Faults)
    where T : class
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Value is not null;
}
