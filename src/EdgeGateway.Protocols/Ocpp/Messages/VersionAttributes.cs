namespace EdgeGateway.Protocols.Ocpp.Messages;

// What a family's older version does otherwise. The types are those of the newest; see VersionContract.

/// <summary>The member or value came with this version: the older one is not sent it. A value of it that is to be sent to the older is a flaw.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SinceAttribute(string version) : Attribute
{
    public string Version => version;
}

/// <summary>Required where it exists, though not by the C# type, because the older version lacks it; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MandatoryAttribute : Attribute;

/// <summary>Optional in 2.1, required in 2.0.1; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MandatoryIn201Attribute : Attribute;

/// <summary>Any text in 2.1, one of these in 2.0.1; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfIn201Attribute(params string[] texts) : Attribute
{
    public IReadOnlyList<string> Texts => texts;
}

/// <summary>Any number in 2.1, an integer in 2.0.1; checked on what we send.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeIn201Attribute : Attribute;
