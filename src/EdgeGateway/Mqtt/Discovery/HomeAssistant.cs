using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Mqtt.Payloads;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Mqtt.Discovery;

/// <summary>
/// Home Assistant's device based discovery: one retained message for each device, which names its components and where their states are. A component that
/// is no more (buttons, when commands are switched off) stays in it with its platform alone: that takes it off.
/// </summary>
internal sealed class HomeAssistant(Topics topics, MqttSettings settings, string version)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, string>> _components = new(StringComparer.Ordinal);
    private Dictionary<string, byte[]> _newest = [];
    private string _gateway = "";

    /// <summary>Adds the discovery of all that there is to what is retained.</summary>
    public void AddTo(Dictionary<string, byte[]> all, StateBoard board)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var state = board.State;
        // By the site: a device stays the same whatever client id or base topic it speaks under.
        _gateway = Id("edge-gateway", state.Configuration.Site.Id);
        Add(found, Gateway(state.Configuration.Site));
        foreach (var hub in board.Hubs)
            Add(found, Hub(hub));
        foreach (var id in state.StationIds())
        {
            // Whom nobody let in is nobody's device yet.
            if (board.Station(id) is { } station && (station.Configured || station.Admission == "Accepted"))
                Add(found, Station(station, board.Evses(station.Id)));
        }
        foreach (var meter in board.Meters)
            Add(found, Meter(meter.View()));
        foreach (var (topic, payload) in found)
            all[topic] = payload;
        lock (_gate)
            _newest = found;
    }

    /// <summary>Home Assistant has just come: it is told everything anew (FIELD pain 22).</summary>
    public void Greet(MqttMessage message, Func<MqttMessage, bool> tell)
    {
        if (Encoding.UTF8.GetString(message.Payload.Span) != Topics.Online)
            return;
        Dictionary<string, byte[]> newest;
        lock (_gate)
            newest = _newest;
        foreach (var (topic, payload) in newest)
            tell(new(topic, payload) { Retain = true });
    }

    /// <summary>An id for Home Assistant, which takes letters, digits, <c>_</c> and <c>-</c>: others are written as <c>_2A</c>, byte by byte, and so is <c>_</c> itself.</summary>
    public static string Id(params string[] parts)
    {
        var id = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(string.Join('-', parts)))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b == '-')
                id.Append((char)b);
            else
                id.Append($"_{b:X2}");
        }
        return id.ToString();
    }

    private Device Gateway(SiteDescription site)
    {
        var device = new Device(_gateway, $"EdgeGateway {site.Name}", "EdgeGateway", "Gateway", version, null, topics.Info, [Available(topics)]);
        device.Add("problem", "binary_sensor", "Problem", "problem", new() { ["device_class"] = "problem", ["payload_on"] = "True", ["payload_off"] = "False", ["entity_category"] = "diagnostic" });
        device.Add("sessions", "sensor", "Active sessions", "activeSessions", new() { ["state_class"] = "measurement" });
        device.Add("started", "sensor", "Started", "started", new() { ["device_class"] = "timestamp", ["entity_category"] = "diagnostic" });
        device.Add("version", "sensor", "Version", "version", new() { ["entity_category"] = "diagnostic" });
        device.Add("clock", "sensor", "Clock", "clock", Enumeration(typeof(InfoPayload), nameof(InfoPayload.Clock)));
        device.Add("storage", "sensor", "Database", "storageBytes", new()
        {
            ["device_class"] = "data_size", ["unit_of_measurement"] = "B", ["state_class"] = "measurement", ["entity_category"] = "diagnostic",
        });
        return device;
    }

    private Device Hub(HubPayload hub)
    {
        var device = new Device(Id(_gateway, "hub", hub.Name), $"Hub {hub.Name}", "EdgeGateway", "Hub link", version, _gateway, topics.Hub(hub.Name), [Available(topics)]);
        device.Add("link", "binary_sensor", "Link", "online", Connectivity());
        device.Add("state", "sensor", "State", "state", Enumeration(typeof(HubPayload), nameof(HubPayload.State)));
        device.Add("backlog", "sensor", "Backlog", "backlog", new() { ["state_class"] = "measurement" });
        device.Add("dead-letters", "sensor", "Refused messages", "deadLetters", new() { ["state_class"] = "measurement" });
        device.Add("last-delivery", "sensor", "Last delivery", "lastDelivery", new() { ["device_class"] = "timestamp" });
        return device;
    }

    private Device Station(StationPayload station, IReadOnlyList<EvsePayload> evses)
    {
        var own = topics.Station(station.Id);
        var device = new Device(
            Id(_gateway, "station", station.Id), $"Station {station.Id}", station.Vendor, station.Model, station.Firmware, _gateway, own, [Available(topics)])
        { Serial = station.Serial };
        device.Add("line", "binary_sensor", "Line", "connected", Connectivity());
        device.Add("last-seen", "sensor", "Last seen", "lastSeen", new() { ["device_class"] = "timestamp", ["entity_category"] = "diagnostic" });
        device.Button("reset", "Reset", topics.Command("reset"), settings.Commands, new() { ["station"] = station.Id, ["by"] = By }, "restart");
        foreach (var evse in evses)
        {
            var (key, name, topic) = ($"evse{evse.Evse}", evses.Count == 1 ? "" : $"EVSE {evse.Evse} ", topics.Evse(station.Id, evse.Evse));
            void Sensor(string suffix, string title, string member, JsonObject more)
            {
                more["state_topic"] = topic;
                // What a station without a line was doing is not what it does.
                more["availability"] = new JsonArray(
                    Available(topics), new JsonObject
                    {
                        ["topic"] = own, ["value_template"] = "{{ value_json.connected }}", ["payload_available"] = "True", ["payload_not_available"] = "False",
                    });
                more["availability_mode"] = "all";
                device.Add($"{key}-{suffix}", "sensor", $"{name}{title}", member, more);
            }
            Sensor("status", "Status", "status", Enumeration(typeof(EvsePayload), nameof(EvsePayload.Status)));
            Sensor("connector", "Connector", "connectorStatus", Enumeration(typeof(EvsePayload), nameof(EvsePayload.ConnectorStatus)));
            Sensor("power", "Power", "powerW", Measured("power", "W"));
            Sensor("energy", "Energy", "energyWh", Total("energy", "Wh"));
            Sensor("session", "Session", "session", []);
            foreach (var connector in evse.Connectors)
            {
                device.Button(
                    $"{key}-unlock{connector.Connector}", evse.Connectors.Count == 1 ? $"{name}Unlock" : $"{name}Unlock {connector.Connector}", topics.Command("unlock"), settings.Commands,
                    new() { ["station"] = station.Id, ["evse"] = evse.Evse, ["connector"] = connector.Connector, ["by"] = By }, null);
            }
        }
        return device;
    }

    private Device Meter(MeterPayload meter)
    {
        var topic = topics.Meter(meter.Id);
        var device = new Device(Id(_gateway, "meter", meter.Id), $"Meter {meter.Id}", meter.Vendor, meter.Model, null, _gateway, topic, [Available(topics)]) { Serial = meter.Serial };
        device.Add("power", "sensor", "Power", "powerW", Measured("power", "W"));
        device.Add("import", "sensor", "Import", "energyWh", Total("energy", "Wh"));
        device.Add("export", "sensor", "Export", "exportWh", Total("energy", "Wh"));
        device.Add("current", "sensor", "Current", "currentA", Measured("current", "A"));
        device.Add("frequency", "sensor", "Frequency", "frequencyHz", Measured("frequency", "Hz"));
        foreach (var phase in (ReadOnlySpan<string>)["L1", "L2", "L3"])
        {
            device.Add($"voltage-{phase}", "sensor", $"Voltage {phase}", $"voltage{phase}V", Measured("voltage", "V"));
            device.Add($"current-{phase}", "sensor", $"Current {phase}", $"current{phase}A", Measured("current", "A"));
        }
        device.Add("quality", "sensor", "Quality", "quality", Enumeration(typeof(MeterPayload), nameof(MeterPayload.Quality)));
        return device;
    }

    private const string By = "Home Assistant";

    private void Add(Dictionary<string, byte[]> to, Device device)
    {
        if (!_components.TryGetValue(device.Id, out var seen))
            _components[device.Id] = seen = new(StringComparer.Ordinal);
        // A station that lost an EVSE is the same device: what it had is taken off by name.
        device.Keep(seen);
        to[$"{settings.DiscoveryPrefix}/device/{device.Id}/config"] = Encoding.UTF8.GetBytes(device.ToJson(version).ToJsonString());
    }

    private static JsonObject Available(Topics topics) => new() { ["topic"] = topics.Status };

    private static JsonObject Connectivity() => new()
    {
        ["device_class"] = "connectivity", ["payload_on"] = "True", ["payload_off"] = "False", ["entity_category"] = "diagnostic",
    };

    private static JsonObject Measured(string kind, string unit) => new() { ["device_class"] = kind, ["unit_of_measurement"] = unit, ["state_class"] = "measurement" };

    private static JsonObject Total(string kind, string unit) => new() { ["device_class"] = kind, ["unit_of_measurement"] = unit, ["state_class"] = "total_increasing" };

    private static JsonObject Enumeration(Type payload, string member) => new()
    {
        ["device_class"] = "enum",
        ["options"] = new JsonArray([.. payload.GetProperty(member)!.GetCustomAttributes(typeof(OneOfAttribute), inherit: false).OfType<OneOfAttribute>().Single().Words.Select(static w => (JsonNode)w)]),
    };

    private sealed class Device(string id, string name, string? maker, string? model, string? software, string? via, string stateTopic, IReadOnlyList<JsonObject> availability)
    {
        private readonly JsonObject _components = [];

        public string Id => id;
        public string? Serial { get; init; }

        /// <param name="member">Of the payload; a template that says more stands in <paramref name="more"/>.</param>
        public void Add(string key, string platform, string title, string member, JsonObject more)
        {
            more["p"] = platform;
            more["name"] = title;
            more["unique_id"] = $"{id}-{key}";
            if (!more.ContainsKey("value_template"))
                more["value_template"] = $"{{{{ value_json.{member} }}}}";
            _components[key] = more;
        }

        public void Button(string key, string title, string topic, bool isThere, JsonObject press, string? kind)
        {
            var button = new JsonObject { ["p"] = "button" };
            if (isThere)
            {
                button["name"] = title;
                button["unique_id"] = $"{id}-{key}";
                button["command_topic"] = topic;
                button["payload_press"] = press.ToJsonString();
                button["qos"] = 1;
                button["entity_category"] = "config";
                if (kind is not null)
                    button["device_class"] = kind;
            }
            _components[key] = button;
        }

        /// <param name="seen">Components that it ever had, by key, with their platforms.</param>
        public void Keep(Dictionary<string, string> seen)
        {
            foreach (var (key, platform) in seen)
            {
                if (!_components.ContainsKey(key))
                    _components[key] = new JsonObject { ["p"] = platform };
            }
            foreach (var (key, component) in _components)
                seen[key] = (string)component!["p"]!;
        }

        public JsonObject ToJson(string version)
        {
            var device = new JsonObject { ["ids"] = new JsonArray(id), ["name"] = name };
            foreach (var (key, value) in new[] { ("mf", maker), ("mdl", model), ("sw", software), ("sn", Serial), ("via_device", via) })
            {
                if (value is not null)
                    device[key] = value;
            }
            return new()
            {
                ["dev"] = device,
                ["o"] = new JsonObject { ["name"] = "edge-gateway", ["sw"] = version },
                ["cmps"] = _components,
                ["availability"] = new JsonArray([.. availability]),
                ["state_topic"] = stateTopic,
                ["qos"] = 1,
            };
        }
    }
}
