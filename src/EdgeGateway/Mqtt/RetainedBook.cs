using System.Text.Json;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Site;

namespace EdgeGateway.Mqtt;

/// <summary>
/// What we retained at the broker, kept in the database, so that what is gone is cleared even if it went while the gateway was down (a station taken out
/// of the file, another base topic, discovery switched off). Reading our own topics back from the broker would do too, but an ACL may forbid that, it
/// would not find a former base, and each start would fetch what each start knows. What was retained at another broker stays there.
/// </summary>
internal sealed class RetainedBook(IDocuments documents)
{
    public const string Document = "mqtt/retained";

    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leaving = new(StringComparer.Ordinal);
    private string _broker = "";

    /// <summary>Topics that are to be cleared, until it is known that they are.</summary>
    public IReadOnlyCollection<string> Leaving => _leaving;

    public async Task LoadAsync(Uri broker, CancellationToken cancellationToken)
    {
        _broker = $"{broker.Host}:{broker.Port}";
        _topics.Clear();
        _leaving.Clear();
        if (await documents.ReadAsync(Document, cancellationToken) is { } json && Read(json) is { } kept && kept.Broker == _broker)
            _topics.UnionWith(kept.Topics ?? []);
    }

    /// <summary>Notes what is now retained, on disk before any of it is published.</summary>
    /// <returns>What is gone and has to be cleared.</returns>
    public async Task<IReadOnlyList<string>> NoteAsync(IReadOnlyCollection<string> all, CancellationToken cancellationToken)
    {
        var gone = _topics.Where(t => !all.Contains(t)).ToList();
        var isNew = all.Any(t => !_topics.Contains(t));
        if (gone.Count == 0 && !isNew)
            return [];
        _leaving.UnionWith(gone);
        _leaving.ExceptWith(all);
        _topics.ExceptWith(gone);
        _topics.UnionWith(all);
        await WriteAsync(cancellationToken);
        return gone;
    }

    /// <summary>The broker has taken all that was sent.</summary>
    public Task LeftAsync(CancellationToken cancellationToken)
    {
        if (_leaving.Count == 0)
            return Task.CompletedTask;
        _leaving.Clear();
        return WriteAsync(cancellationToken);
    }

    private Task WriteAsync(CancellationToken cancellationToken) => documents.WriteAsync(
        Document,
        JsonSerializer.Serialize(new RetainedTopics { Broker = _broker, Topics = [.. _topics.Concat(_leaving).Order(StringComparer.Ordinal)] }, MqttJson.Default.RetainedTopics),
        cancellationToken);

    private static RetainedTopics? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MqttJson.Default.RetainedTopics);
        }
        catch (JsonException)
        {
            // Written by a program that knew it otherwise: nothing is cleared, nothing is lost.
            return null;
        }
    }
}
