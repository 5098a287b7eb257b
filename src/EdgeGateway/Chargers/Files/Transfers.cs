using System.Collections.Concurrent;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EdgeGateway.Chargers.Files;

/// <summary>Transfers under way.</summary>
internal sealed class Busy
{
    private readonly ConcurrentDictionary<string, bool> _bringing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Fetched> _fetching = new(StringComparer.Ordinal);

    /// <summary>Of those that bring something.</summary>
    public int Count => _bringing.Count;

    /// <summary>Null when somebody is at it already.</summary>
    public IDisposable? TryEnter(string address) => _bringing.TryAdd(address, true) ? new Leaving(() => _bringing.TryRemove(address, out _)) : null;

    /// <summary>What of a file has gone over an address, in however many tries.</summary>
    public Fetched FetchOf(string address, long length) => _fetching.AddOrUpdate(address, _ => new(length), (_, known) => known.Length == length ? known : new(length));

    public void Forget(string address) => _fetching.TryRemove(address, out _);

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

/// <summary>Which bytes of a file have been sent: ranges that do not touch, in order.</summary>
internal sealed class Fetched(long length)
{
    /// <summary>Ranges that are kept apart; a client that leaves more gaps is counted short, and its address lives until it expires.</summary>
    public const int MostRanges = 64;

    private readonly List<(long From, long To)> _ranges = [];

    public long Length => length;

    public long Bytes
    {
        get
        {
            lock (_ranges)
                return _ranges.Sum(static r => r.To - r.From);
        }
    }

    public bool IsWhole => Bytes >= length;

    public void Add(long from, long to)
    {
        lock (_ranges)
        {
            var at = _ranges.FindIndex(r => r.To >= from);
            if (at < 0)
                at = _ranges.Count;
            while (at < _ranges.Count && _ranges[at].From <= to)
            {
                (from, to) = (Math.Min(from, _ranges[at].From), Math.Max(to, _ranges[at].To));
                _ranges.RemoveAt(at);
            }
            if (_ranges.Count < MostRanges)
                _ranges.Insert(at, (from, to));
        }
    }
}

/// <summary>A file that tells which of its bytes were read to be sent.</summary>
internal sealed class WatchedFile(string path, Fetched fetched, Action<long> moved)
    : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var from = Position;
        var count = await base.ReadAsync(buffer, cancellationToken);
        if (count > 0)
        {
            fetched.Add(from, from + count);
            moved(fetched.Bytes);
        }
        return count;
    }
}

/// <summary>The file in a request: chargers send it as the body, or within a form.</summary>
internal static class UploadedFile
{
    private const int MostBoundaryChars = 128;

    /// <returns>Null when a form has none.</returns>
    /// <exception cref="InvalidDataException">The form cannot be read.</exception>
    public static async Task<Stream?> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return request.Body;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MostBoundaryChars)
            throw new InvalidDataException("The form has no boundary.");
        var form = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 };
        while (await form.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            // Fields before it say what it is called, or prove something elsewhere.
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && (disposition.FileName.HasValue || disposition.FileNameStar.HasValue))
                return section.Body;
        }
        return null;
    }
}
