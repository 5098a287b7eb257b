namespace EdgeGateway.Site.Model;

/// <summary>Contract ids (eMAID) as people and vehicles write them: <c>DE-ABC-C12345678-9</c>, <c>DEABCC12345678</c>.</summary>
public static class ContractIds
{
    /// <summary>Country, party and number, without the check digit, which may be left out.</summary>
    private const int CharsWithoutCheck = 14;

    /// <summary>Without separators and check digit, in upper case.</summary>
    public static string Core(string contractId)
    {
        var core = string.Concat(contractId.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return core.Length == CharsWithoutCheck + 1 ? core[..CharsWithoutCheck] : core;
    }

    public static bool Same(string? one, string? other) => one is not null && other is not null && Core(one) is { Length: > 0 } core && core == Core(other);
}
