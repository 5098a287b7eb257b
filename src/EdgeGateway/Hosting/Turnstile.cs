using System.Net;

namespace EdgeGateway.Hosting;

/// <summary>Counts the open connections of one listener, together and by address: a flood ends at its own limit, and others still get in (S3).</summary>
internal sealed class Turnstile(int most, int mostOfOneAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _inside = [];
    private int _all;

    /// <summary>Who was not let in, since the start.</summary>
    public long TurnedAway { get; private set; }

    public bool TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            var own = _inside.GetValueOrDefault(address);
            if (_all >= most || own >= mostOfOneAddress)
            {
                TurnedAway++;
                return false;
            }
            _inside[address] = own + 1;
            _all++;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _all--;
            if (--_inside[address] == 0)
                _inside.Remove(address);
        }
    }
}
