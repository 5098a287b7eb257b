namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>A hub may be shown a tariff under another id (PRODUCT §3); then it is that id everywhere: tariff, connector, session and CDR.</summary>
public sealed class TariffNames(IReadOnlyDictionary<string, string> shown)
{
    public string Shown(string id) => shown.GetValueOrDefault(id, id);
}
