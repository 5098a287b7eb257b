using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Configuration;

/// <summary>One thing to say about the file: <c>Gateway:Stations:0:Id: found "…", expected …</c>.</summary>
public sealed record Finding(string Path, string Found, string Expected)
{
    public override string ToString() => $"{Path}: found {Found}, expected {Expected}";
}

/// <summary>All that was noticed while reading. Faults refuse the file; the others do not.</summary>
public sealed class Findings
{
    /// <summary>Of what was found, this much is shown.</summary>
    public const int FoundLimit = 60;

    /// <summary>More faults than this are counted, not listed: nobody mends a hundred at once.</summary>
    public const int FaultLimit = 100;

    private readonly List<Finding> _faults = [];
    private readonly List<Finding> _unknown = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<Finding> Faults => _faults;

    /// <summary>Keys nobody reads: mostly misspelt ones. They do not stop a gateway (an older version may meet a newer file), but are never silent.</summary>
    public IReadOnlyList<Finding> Unknown => _unknown;

    /// <summary>What is right but worth a line: parts that are not yet served, weak settings.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public int Suppressed { get; private set; }

    public void Fault(string path, string? found, string expected)
    {
        if (_faults.Count < FaultLimit)
            _faults.Add(new(path, Quote(found), expected));
        else
            Suppressed++;
    }

    /// <summary>A fault within an object of OCPI's: its path goes on below ours, in the object's own spelling.</summary>
    public void Fault(string path, OcpiFault fault) => Fault(
        fault.Path.Length == 0 ? path : $"{path}:{fault.Path.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':').TrimStart(':')}",
        fault.Found.Trim('"'),
        fault.Expected);

    /// <summary>A fault of something secret: its length is all that is told (S11).</summary>
    public void SecretFault(string path, string? found, string expected)
    {
        if (_faults.Count < FaultLimit)
            _faults.Add(new(path, found is null ? "nothing" : $"{found.Length} characters", expected));
        else
            Suppressed++;
    }

    public void UnknownKey(string path, string expected)
    {
        if (_unknown.Count < FaultLimit)
            _unknown.Add(new(path, "an unknown key", expected));
    }

    public void Note(string text) => _notes.Add(text);

    private static string Quote(string? found) => found switch
    {
        null => "nothing",
        { Length: > FoundLimit } => $"\"{found[..FoundLimit]}…\"",
        _ => $"\"{found}\"",
    };
}

/// <summary>A file that was read: either a configuration without faults, or the faults.</summary>
public sealed record ConfigurationRead(GatewayConfiguration? Configuration, Findings Findings, string Source);
