using EdgeGateway.Protocols.Ocpi.Shapes;
using EdgeGateway.Protocols.Ocpi.V230;

namespace EdgeGateway.Protocols.Ocpi.V211;

// What is the same in both families by text and by members (DisplayText, GeoLocation, VersionInfo, …) stands in V230 and is used from here.
// Enumerations are closed in 2.1.1: a value that is not one of its own is a fault of the message, whoever wrote it.

public sealed record BusinessDetails
{
    [Text(100)]
    public required string Name { get; init; }

    [Form(StringForm.Url)]
    public string? Website { get; init; }

    public Image? Logo { get; init; }
}

public sealed record Image
{
    [Form(StringForm.Url)]
    public required string Url { get; init; }

    [Form(StringForm.Url)]
    public string? Thumbnail { get; init; }

    public required ImageCategory Category { get; init; }

    [CiString(4)]
    public required string Type { get; init; }

    [Between(0, 99_999)]
    public int? Width { get; init; }

    [Between(0, 99_999)]
    public int? Height { get; init; }
}

/// <summary>One party each (C9).</summary>
public sealed record Credentials
{
    [CiString(64)]
    public required string Token { get; init; }

    [Form(StringForm.Url)]
    public required string Url { get; init; }

    public required BusinessDetails BusinessDetails { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    /// <summary>Tokens never reach a log through a record's text.</summary>
    public override string ToString() => $"Credentials {{ Url = {Url}, {CountryCode}*{PartyId} }}";
}

public sealed record VersionDetails
{
    [CiString(10)]
    public required string Version { get; init; }

    public required IReadOnlyList<Endpoint> Endpoints { get; init; }
}

/// <summary>Without a role: who owns the objects says which side a module is on.</summary>
public sealed record Endpoint
{
    [CiString(36)]
    public required string Identifier { get; init; }

    /// <summary>Not judged as a url when read, as in the other family.</summary>
    [Text(1000)]
    public required string Url { get; init; }
}
