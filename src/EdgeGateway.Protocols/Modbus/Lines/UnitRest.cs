namespace EdgeGateway.Protocols.Modbus.Lines;

/// <summary>How often a silent unit is asked: 2 s later after each silence, up to 5 min, one probe each time (FIELD pain 2: one absent device blocks everybody on its bus).</summary>
internal sealed class UnitRest
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    private bool _answeredBefore;
    private bool _probing;

    /// <summary>Requests in a row without a good answer.</summary>
    public int Silences { get; private set; }
    public TimeSpan Until { get; private set; }

    /// <summary>Nobody asks it but one probe at a time.</summary>
    public bool Rests { get; private set; }

    /// <summary>Whether a request may go through. While it rests, the first after its time may, as the probe.</summary>
    public bool Lets(TimeSpan now)
    {
        if (!Rests)
            return true;
        if (_probing || now < Until)
            return false;
        return _probing = true;
    }

    public void Answered() => (Silences, Rests, _probing, _answeredBefore) = (0, false, false, true);

    public void Silent(TimeSpan now)
    {
        Silences++;
        _probing = false;
        // One answer lost to a disturbance is no absent device.
        if (Silences == 1 && _answeredBefore)
            return;
        var rest = Silences * Step;
        (Rests, Until) = (true, now + (rest < Most ? rest : Most));
    }

    /// <summary>The probe was not sent after all.</summary>
    public void NotAsked() => _probing = false;
}
