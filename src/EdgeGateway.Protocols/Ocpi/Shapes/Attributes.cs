namespace EdgeGateway.Protocols.Ocpi.Shapes;

/// <summary>The member, or the value of an enumeration, exists from this version on; older peers are not shown it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SinceAttribute(string version) : Attribute
{
    public string Version { get; } = version;
}

/// <summary>Mandatory on the wire in the versions that have the member, though the C# member is not <c>required</c> because older siblings lack it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MandatoryAttribute : Attribute;

/// <summary>Cardinality <c>+</c>: a list with at least one element.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastOneAttribute : Attribute;

/// <summary>CiString(n): printable ASCII, compared without case (1.2). An id is never empty. On a list it holds for each element.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CiStringAttribute(int max) : Attribute
{
    public int Max { get; } = max;

    public int Min { get; init; } = 1;
}

/// <summary>string(n): UTF-8 text of at most n characters. On a list it holds for each element.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute(int max) : Attribute
{
    public int Max { get; } = max;
}

/// <summary>A string with a form of its own.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormAttribute(StringForm form) : Attribute
{
    public StringForm Form { get; } = form;
}

public enum StringForm
{
    /// <summary>Absolute http or https url, at most 255 characters (1.2).</summary>
    Url,

    /// <summary>Decimal degrees with a point and 5 to 7 decimals.</summary>
    Latitude,

    Longitude,

    /// <summary><c>HH:MM</c>, local to the location.</summary>
    TimeOfDay,

    /// <summary><c>YYYY-MM-DD</c>, local to the location.</summary>
    Date,
}

/// <summary>Bounds of a number, both inclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BetweenAttribute(double min, double max) : Attribute
{
    public decimal Min { get; } = (decimal)min;

    public decimal Max { get; } = (decimal)max;
}
