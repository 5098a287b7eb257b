namespace EdgeGateway.Protocols.Mqtt;

/// <summary>What we want to hear, and what of it the broker of this line knows. Not safe for several threads: its owner locks, but for <see cref="HandlersOf"/>.</summary>
internal sealed class MqttSubscriptions
{
    private volatile Subscription[] _all = [];

    /// <exception cref="ArgumentException">No filter, or one too many.</exception>
    public void Add(string filter, Action<MqttMessage> handler)
    {
        if (!MqttLimits.IsFilter(filter) || _all.Length == MqttLimits.Subscriptions)
            throw new ArgumentException($"'{filter}' cannot be subscribed to: it is no filter of MQTT, or there are {MqttLimits.Subscriptions} already.", nameof(filter));
        _all = [.. _all, new(filter, handler)];
    }

    /// <summary>A new line knows none of them; one that refused is asked again.</summary>
    public void Restart(bool refusedOnly = false)
    {
        foreach (var subscription in _all)
        {
            if (!refusedOnly || subscription.Refused)
                subscription.Id = null;
        }
    }

    /// <summary>One that the broker was not asked for yet.</summary>
    public Subscription? Next() => Array.Find(_all, subscription => subscription.Id is null);

    /// <returns>The filter that the answer is for.</returns>
    public string? Answered(int id, bool refused)
    {
        if (Array.Find(_all, subscription => subscription.Id == id) is not { } asked)
            return null;
        asked.Refused = refused;
        return asked.Filter;
    }

    public IEnumerable<Action<MqttMessage>> HandlersOf(string topic) => _all.Where(s => MqttLimits.Covers(s.Filter, topic)).Select(s => s.Handler);

    internal sealed class Subscription(string filter, Action<MqttMessage> handler)
    {
        public string Filter => filter;
        public Action<MqttMessage> Handler => handler;

        /// <summary>Of the SUBSCRIBE; null when none was sent on this line.</summary>
        public int? Id { get; set; }

        public bool Refused { get; set; }
    }
}
