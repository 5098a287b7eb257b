using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>What hubs see of an object, as a short text that differs when it does. Members that came with a later version add to it only where they are
/// set, so that nothing looks changed after an update that is not.</summary>
internal static class Fingerprints
{
    public static string Of(Tariff t)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{t.Currency} {t.Type} {t.AltUrl} {t.MinPrice} {t.MaxPrice} {t.ValidFrom:O} {t.ValidUntil:O}");
        text.AppendJoin('|', t.AltText);
        foreach (var element in t.Elements)
        {
            text.Append('\n').AppendJoin('|', element.Components).Append(element.Restrictions);
            if (element.Restrictions is { } restrictions)
                text.AppendJoin(',', restrictions.Days);
        }
        if (t.TaxIncluded is not TaxIncluded.No)
            text.Append('\n').Append(t.TaxIncluded);
        return Hash(text.ToString());
    }

    /// <summary>The location's own members; its EVSEs are stamped apart.</summary>
    public static string Of(SiteConfiguration configuration) => Hash(
        $"{configuration.Site}\n{configuration.Party}{configuration.PartyName}\n{JsonSerializer.Serialize(configuration.Details, FingerprintJson.Default.LocationDetails)}");

    /// <summary>The EVSE's own members; its status is added to it, its connectors are stamped apart.</summary>
    public static string Of(EvseConfiguration evse) => Hash(
        $"{evse.EvseId}\n{evse.PhysicalReference}{(evse.Details is null ? "" : JsonSerializer.Serialize(evse.Details, FingerprintJson.Default.EvseDetails))}");

    /// <summary>Without its tariffs, which are not the same for every hub: <see cref="OfTariffs"/>.</summary>
    public static string Of(ConnectorConfiguration c) => Hash(string.Create(
        CultureInfo.InvariantCulture,
        $"{c.Standard}\n{c.Format}\n{c.PowerType}\n{c.MaxVoltage}\n{c.MaxAmperage}\n{c.MaxElectricPowerW}\n{c.TermsAndConditionsUrl}\n{(c.Capabilities.IsDefaultOrEmpty ? "" : string.Join(',', c.Capabilities))}"));

    /// <summary>The tariffs that this hub is shown at a connector.</summary>
    public static string OfTariffs(ConnectorConfiguration connector, HubTerms hub) =>
        connector.Tariffs.IsDefaultOrEmpty ? "" : Hash(string.Join('\n', connector.Tariffs.Select(hub.TariffShown)));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}

/// <summary>Records print lists by their type only; JSON says what is in them. What is not set is not said.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LocationDetails))]
[JsonSerializable(typeof(EvseDetails))]
internal sealed partial class FingerprintJson : JsonSerializerContext;
