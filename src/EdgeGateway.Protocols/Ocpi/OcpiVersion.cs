namespace EdgeGateway.Protocols.Ocpi;

/// <summary>The versions this library has types for or will have; 2.2.1 and 2.3.0 are one family (V230), 2.1.1 is another.</summary>
public enum OcpiVersion
{
    V211,
    V221,
    V230,
}

public static class OcpiVersions
{
    /// <summary>The number as it stands on the wire: <c>2.2.1</c>.</summary>
    public static string Text(this OcpiVersion version) => version switch
    {
        OcpiVersion.V211 => "2.1.1",
        OcpiVersion.V221 => "2.2.1",
        OcpiVersion.V230 => "2.3.0",
        _ => throw new ArgumentOutOfRangeException(nameof(version)),
    };

    /// <summary>Null for a number we do not speak (2.2 among them: it was withdrawn for 2.2.1). <c>2.1.1-d2</c> is 2.1.1.</summary>
    public static OcpiVersion? Parse(string? text) => text?.Trim() switch
    {
        "2.1.1" or "2.1.1-d2" => OcpiVersion.V211,
        "2.2.1" or "2.2.1-d2" => OcpiVersion.V221,
        "2.3.0" or "2.3.0-d2" => OcpiVersion.V230,
        _ => null,
    };
}
