using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// 1.6 numbers connectors through the whole station, the site knows EVSEs with connectors. If each EVSE has one connector the number is
/// the EVSE's; else it is the connector's where these are unique; else connectors are counted in the order of the configuration.
/// </summary>
public sealed class ConnectorNumbers
{
    /// <summary>The highest number that is believed; whatever is told of a higher one is told of no place (I16).</summary>
    public const int MostNumber = 99;

    private readonly string _station;
    private readonly Dictionary<int, Position> _positions = [];
    private readonly Dictionary<Position, int> _numbers = [];

    public ConnectorNumbers(string station, StationConfiguration? configuration)
    {
        _station = station;
        Station = new(station, 0, 0);
        if (configuration is null)
            return;
        var isFlat = configuration.Evses.All(e => e.Connectors.Length == 1);
        var ids = configuration.Evses.SelectMany(e => e.Connectors).Select(c => c.Id).ToList();
        var areUnique = ids.Distinct().Count() == ids.Count;
        var count = 0;
        foreach (var evse in configuration.Evses)
        {
            foreach (var connector in evse.Connectors)
            {
                count++;
                Add(isFlat ? evse.Id : areUnique ? connector.Id : count, new(station, evse.Id, connector.Id));
            }
        }
    }

    /// <summary>Connector 0: the station itself, never a session (FIELD-NOTES 20).</summary>
    public Position Station { get; }

    /// <summary>The configured ones.</summary>
    public IReadOnlyCollection<Position> Connectors => _numbers.Keys;

    /// <summary>One that is not configured is taken for the first connector of an EVSE of that number.</summary>
    /// <param name="number">connectorId; 0 is the station, null, less, and more than can be are no place.</param>
    public Position? At(int? number) => number switch
    {
        null or < 0 => null,
        0 => Station,
        { } n => _positions.TryGetValue(n, out var at) ? at : n <= MostNumber ? new(_station, n, 1) : null,
    };

    /// <summary>The only connector there is, if so.</summary>
    public Position? Only => _numbers.Count == 1 ? _numbers.Keys.First() : null;

    /// <summary>The connectorId of a position.</summary>
    public int NumberOf(Position at) => _numbers.TryGetValue(at, out var number) ? number : at.Evse;

    private void Add(int number, Position at)
    {
        _positions.TryAdd(number, at);
        _numbers.TryAdd(at, number);
    }
}
