namespace EdgeGateway.Chargers;

/// <summary>Reports that a 2.x station tells in several messages, until the last part has come. Used by the handler of one line's calls alone.</summary>
public sealed class LineReports
{
    /// <summary>Reports under way on one line; of one more the oldest is forgotten.</summary>
    public const int MostOpen = 8;

    /// <summary>Parts of one report, and their bytes together; those beyond are left out (I16).</summary>
    public const int MostParts = 4096;
    public const int MostBytes = 2 * 1024 * 1024;

    private readonly List<Open> _open = [];

    /// <summary>Takes a part.</summary>
    /// <param name="bytes">How long it is.</param>
    /// <returns>All parts in order of arrival when this was the last; else null.</returns>
    public IReadOnlyList<T>? Take<T>(string kind, int request, T part, int bytes, bool isLast) where T : class
    {
        var report = _open.Find(o => o.Kind == kind && o.Request == request);
        if (report is null)
        {
            if (isLast)
                return [part];
            if (_open.Count >= MostOpen)
                _open.RemoveAt(0);
            _open.Add(report = new(kind, request));
        }
        if (report.Parts.Count < MostParts && report.Bytes + bytes <= MostBytes)
        {
            report.Parts.Add(part);
            report.Bytes += bytes;
        }
        if (!isLast)
            return null;
        _open.Remove(report);
        return [.. report.Parts.Cast<T>()];
    }

    private sealed class Open(string kind, int request)
    {
        public string Kind => kind;
        public int Request => request;
        public List<object> Parts { get; } = [];
        public int Bytes { get; set; }
    }
}
