namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>What becomes of a text that is too long, when it comes from a charger.</summary>
public enum TooLong
{
    /// <summary>The message is refused: half of it would be something else.</summary>
    Refuse,

    /// <summary>Only people read it: the beginning is enough.</summary>
    Cut,

    /// <summary>It names something and is worth having whole (FIELD-NOTES 19).</summary>
    Keep,
}

/// <summary>The longest text allowed, in characters; on a list, of each element.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute(int maxChars, TooLong tooLong = TooLong.Refuse) : Attribute
{
    public int MaxChars => maxChars;

    public TooLong TooLong => tooLong;

    /// <summary>The longest text that 2.0.1 allows, where 2.1 allows a longer one; 0 if they agree.</summary>
    public int In201 { get; init; }
}

/// <summary>A text that is an absolute URI; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AbsoluteUriAttribute : Attribute;

/// <summary>A number in steps of 0.1; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TenthsAttribute : Attribute;

/// <summary>A list that is absent rather than empty; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastOneAttribute : Attribute;

/// <summary>Optional, but what stands there changes the meaning of the rest: if it cannot be understood, neither can its owner.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VitalAttribute : Attribute;

/// <summary>A text for which chargers also send objects, arrays and numbers; these are taken over as their JSON text (FIELD-NOTES 6).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnyJsonAsTextAttribute : Attribute;

/// <summary>Another spelling of an enum value.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WireAliasAttribute(string spelling) : Attribute
{
    public string Spelling => spelling;

    /// <summary>True if the standard does not know this spelling: read with a warning.</summary>
    public bool Tolerated { get; init; }
}

/// <summary>The enum value that an unknown one is read as.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FallbackAttribute : Attribute;

/// <summary>
/// The numbers allowed (on a list: of each element), both ends included; checked on what we send, and kept with a warning when it comes
/// in: a battery at 101 % says more than none.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class BetweenAttribute(int min, int max) : Attribute
{
    public int Min => min;

    public int Max => max;

    /// <summary>Whether this holds in 2.0.1 too, whose schemas leave nearly all numbers free.</summary>
    public bool In201 { get; init; }
}

/// <inheritdoc />
public sealed class NotBelowAttribute(int min) : BetweenAttribute(min, int.MaxValue);

/// <inheritdoc />
public sealed class NotAboveAttribute(int max) : BetweenAttribute(int.MinValue, max);

/// <summary>The most elements a list may have; checked on what we send, and kept with a warning when it comes in.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtMostAttribute(int elements) : Attribute
{
    public int Elements => elements;
}
