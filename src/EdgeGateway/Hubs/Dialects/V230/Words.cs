using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Site.Model;
using Wire = EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Hubs.Dialects.V230;

/// <summary>The configuration's words in a version's own: what a version does not have is left out, and where nothing can be left out, refused.</summary>
internal static class Words
{
    private const int DisplayTextLength = 512;

    /// <summary>Null for a word that this version does not have.</summary>
    public static Open<T>? Of<T>(string? text, OcpiVersion version)
        where T : struct, Enum =>
        EnumText.Find<T>(text, version) is { } word ? new Open<T>(word) : null;

    /// <summary>Those of the words that this version has; null for none of them (T9).</summary>
    public static IReadOnlyList<Open<T>>? Of<T>(IEnumerable<string> texts, OcpiVersion version)
        where T : struct, Enum
    {
        List<Open<T>> words = [.. texts.Select(t => Of<T>(t, version)).OfType<Open<T>>().Distinct()];
        return words.Count > 0 ? words : null;
    }

    public static Wire.ConnectorFormat Format(string text) =>
        EnumText.Find<Wire.ConnectorFormat>(text) ?? throw new UnshowableException($"connector format {text} is none of OCPI's");

    public static Wire.PowerType Power(string text) =>
        EnumText.Find<Wire.PowerType>(text) ?? throw new UnshowableException($"power type {text} is none of OCPI's");

    /// <summary>MCS and SAE_J3400 are 2.3.0's: no older word means the same plug, so no driver of an older hub is sent there.</summary>
    public static Open<Wire.ConnectorType> Standard(string text, OcpiVersion version) =>
        Has(text, version) ? new(text) : throw new UnshowableException($"connector standard {text} has no word in OCPI {version.Text()}");

    public static bool Has(string connectorStandard, OcpiVersion version) =>
        EnumText.Find<Wire.ConnectorType>(connectorStandard) is not { } standard || EnumText.Exists(standard, version);

    public static Wire.DisplayText Text(LocalizedText text) =>
        new() { Language = text.Language, Text = text.Text.Length > DisplayTextLength ? text.Text[..DisplayTextLength] : text.Text };

    public static Wire.EvseStatus Status(EvseStatus status) => status switch
    {
        EvseStatus.Available => Wire.EvseStatus.Available,
        EvseStatus.Blocked => Wire.EvseStatus.Blocked,
        EvseStatus.Charging => Wire.EvseStatus.Charging,
        EvseStatus.Inoperative => Wire.EvseStatus.Inoperative,
        EvseStatus.OutOfOrder => Wire.EvseStatus.Outoforder,
        EvseStatus.Planned => Wire.EvseStatus.Planned,
        EvseStatus.Removed => Wire.EvseStatus.Removed,
        EvseStatus.Reserved => Wire.EvseStatus.Reserved,
        _ => Wire.EvseStatus.Unknown,
    };
}
