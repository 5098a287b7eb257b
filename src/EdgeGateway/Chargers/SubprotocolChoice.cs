using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Chargers;

/// <summary>Which version a line speaks. It holds for this line only: some chargers offer another each time (FIELD-NOTES 5).</summary>
/// <param name="Reply">What the handshake answers with: as the charger spelt it, or nothing.</param>
/// <param name="Tolerated">The row of <see cref="Tolerances"/> that was needed, and what for.</param>
internal sealed record SubprotocolChoice(OcppVersion Version, string? Reply, (string Code, string Text)? Tolerated)
{
    private const int ShownChars = 20;

    /// <summary>Null: nothing of ours is meant for sure.</summary>
    /// <param name="offered">Sec-WebSocket-Protocol.</param>
    /// <param name="spoken">The most wanted first.</param>
    /// <param name="assumed">What the station's configuration or its model's file says to assume.</param>
    public static SubprotocolChoice? Make(IList<string> offered, IReadOnlyList<OcppVersion> spoken, string? assumed)
    {
        if (Subprotocols.Choose(offered, spoken) is { } agreed)
            return new(agreed.Version, agreed.Offered, agreed.Offered == agreed.Version.Subprotocol ? null : Misspelt(agreed.Offered));
        var names = offered.SelectMany(static o => o.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var version in spoken)
        {
            if (names.Find(n => CanOnlyMean(n, version)) is { } name)
                return new(version, name, Misspelt(name));
        }
        return spoken.FirstOrDefault(v => v.Subprotocol == assumed) is { } taken
            ? new(taken, null, (Tolerances.SubprotocolAssumed, $"{(names.Count == 0 ? "none is offered" : $"{Shown(names[0])} is offered")}, {taken} is assumed"))
            : null;
    }

    private static (string Code, string Text) Misspelt(string name) => (Tolerances.SubprotocolMisspelt, $"{Shown(name)} is offered");

    /// <summary>The digits are the version's, and the letters say nothing else.</summary>
    private static bool CanOnlyMean(string name, OcppVersion version) =>
        string.Concat(name.Where(char.IsAsciiDigit)) == string.Concat(version.Subprotocol.Where(char.IsAsciiDigit))
        && string.Concat(name.Where(char.IsLetter)).ToUpperInvariant() is "" or "OCPP" or "OCPPJ" or "OCPPV" or "V";

    private static string Shown(string name) => name.Length > ShownChars ? name[..ShownChars] : name;
}
