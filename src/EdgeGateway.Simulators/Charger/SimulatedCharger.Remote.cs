using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGateway.Protocols.Ocpp.V21;
using ConnectorState = EdgeGateway.Protocols.Ocpp.V16.ChargePointStatus;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What the central system has it do.</summary>
public sealed partial class SimulatedCharger
{
    /// <summary>A real charger acts after it has answered.</summary>
    private static readonly TimeSpan AnswerFirst = TimeSpan.FromMilliseconds(50);

    private byte[]? _password;

    internal byte[]? Password => _password;

    /// <summary>With its key; the next line is opened with it.</summary>
    public X509Certificate2? ClientCertificate { get; private set; }

    /// <summary>What the central system said a transaction costs, by its name (2.x CostUpdated, totalCost).</summary>
    public IReadOnlyDictionary<string, decimal> Costs => _costs;

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, decimal> _costs = new();

    /// <summary>A remote start: the card needs no asking (AuthorizeRemoteTxRequests is false).</summary>
    /// <param name="wanted">A connector; null = any that is free.</param>
    /// <returns>The connector; null = none can.</returns>
    internal int? StartRemotely(int? wanted, string idTag, int? remoteStartId = null)
    {
        var place = _connectors.Values.FirstOrDefault(c => (wanted is null || c.Number == wanted) && !c.IsCharging && c.Stopped is null
            && c.Status is not (ConnectorState.Unavailable or ConnectorState.Faulted)
            && (!_reserved.TryGetValue(c.Number, out var reserved) || string.Equals(reserved.IdTag, idTag, StringComparison.OrdinalIgnoreCase)));
        if (place is null)
            return null;
        Run(async () =>
        {
            await PauseAsync(AnswerFirst);
            if (place.NeedWh == 0)
                PlugIn(place.Number, Options.RemoteNeedWh);
            Begin(place.Number, idTag, TriggerReason.RemoteStart, remoteStartId);
        });
        return place.Number;
    }

    /// <param name="transaction">Its name on the wire.</param>
    internal bool StopRemotely(string transaction)
    {
        var place = PlaceOf(transaction);
        if (place is null)
            return false;
        Run(async () =>
        {
            await PauseAsync(AnswerFirst);
            Stop(place.Number, Reason.Remote);
        });
        return true;
    }

    internal ChargerConnector? PlaceOf(string transaction) => _connectors.Values.FirstOrDefault(c => c.Entry is { } number && NameOf(number) == transaction);

    internal void TellLater(Func<CancellationToken, Task> tell) => Run(async () =>
    {
        await PauseAsync(AnswerFirst);
        await tell(_stopping.Token);
    });

    internal void SetAvailable(int connector, bool available)
    {
        foreach (var place in _connectors.Values.Where(c => (connector == 0 || c.Number == connector) && c.Entry is null))
            SetStatus(place.Number, available ? ConnectorState.Available : ConnectorState.Unavailable);
    }

    internal void RestartLater(Reason reason, BootReason boot) => Run(async () =>
    {
        await PauseAsync(AnswerFirst);
        Restart(reason, boot);
    });

    internal void TakeFirmware(string version)
    {
        FirmwareVersion = version;
        Tell(0, $"runs firmware {version}");
    }

    /// <returns>False: it is not for the key that a certificate was asked for.</returns>
    internal bool TakeCertificate(string chain)
    {
        if (_tasks.Certified(chain) is not { } certificate)
            return false;
        ClientCertificate = certificate;
        Tell(0, $"has a certificate until {certificate.NotAfter:yyyy-MM-dd}");
        return true;
    }

    internal void TakeCost(string transaction, decimal total) => _costs[transaction] = total;

    internal Task PauseAsync(TimeSpan length) => Task.Delay(length, _clock, _stopping.Token);

    /// <summary>Whether a new value of a setting will do; those that are more than a word take effect here.</summary>
    private bool TakeSetting(ChargerSetting setting, string value)
    {
        if (setting.Key == ChargerSettings.MeterInterval)
        {
            var seconds = int.Parse(value);
            if (Options.FixedMeterInterval || seconds == 0)
                return false;
            _meterInterval = TimeSpan.FromSeconds(seconds);
        }
        if (setting.Key == ChargerSettings.Password)
        {
            // 1.6 writes the key as hex and sends its bytes (security whitepaper, 5.2; FIELD-NOTES 17); 2.x sends the text itself.
            var isHex = _tongue.Version == Protocols.Ocpp.Rpc.OcppVersion.V16 && value.Length % 2 == 0 && value.All(char.IsAsciiHexDigit);
            _password = isHex ? Convert.FromHexString(value) : Encoding.UTF8.GetBytes(value);
        }
        return true;
    }
}
