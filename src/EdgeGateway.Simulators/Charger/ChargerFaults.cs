namespace EdgeGateway.Simulators.Charger;

/// <summary>What can be made to go wrong at a charger, each the next time it can.</summary>
public sealed class ChargerFaults
{
    private readonly Lock _lock = new();
    private readonly List<(OwedKind Kind, bool CutsLine)> _lostAnswers = [];
    private int _doubles;

    /// <summary>The next answer to such a message never arrives; the charger sends the message again, after a new line if <paramref name="cutsLine"/>.</summary>
    public void LoseAnswerOf(OwedKind kind, bool cutsLine)
    {
        lock (_lock)
            _lostAnswers.Add((kind, cutsLine));
    }

    /// <summary>The next start goes out twice, though it was answered.</summary>
    public void DoubleNextStart()
    {
        lock (_lock)
            _doubles++;
    }

    internal bool TakeLostAnswer(OwedKind kind, out bool cutsLine)
    {
        lock (_lock)
        {
            var at = _lostAnswers.FindIndex(l => l.Kind == kind);
            cutsLine = at >= 0 && _lostAnswers[at].CutsLine;
            if (at >= 0)
                _lostAnswers.RemoveAt(at);
            return at >= 0;
        }
    }

    internal bool TakeDouble(OwedKind kind)
    {
        lock (_lock)
        {
            if (kind != OwedKind.Start || _doubles == 0)
                return false;
            _doubles--;
            return true;
        }
    }
}
