namespace EdgeGateway.Cli.Rehearse;

/// <summary>One point of a hub's onboarding.</summary>
/// <param name="Mend">What to do about it, in plain words; empty when it passed.</param>
internal sealed record Point(string Name, bool Passed, string Seen, string Mend = "")
{
    public static Point Pass(string name, string seen) => new(name, true, seen);

    public static Point Fail(string name, string seen, string mend) => new(name, false, seen, mend);
}
