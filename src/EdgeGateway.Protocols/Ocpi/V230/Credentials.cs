using EdgeGateway.Protocols.Ocpi.Shapes;

namespace EdgeGateway.Protocols.Ocpi.V230;

/// <summary>Section 3: the token with which the receiver of this object calls its sender, and the sender's versions url.</summary>
public sealed record Credentials
{
    [CiString(64)]
    public required string Token { get; init; }

    [Form(StringForm.Url)]
    public required string Url { get; init; }

    public required IReadOnlyList<CredentialsRole> Roles { get; init; }

    /// <summary>Country and party of the hub in one, <c>DEENA</c>; given by hubs.</summary>
    [Since("2.3.0")]
    [CiString(5)]
    public string? HubPartyId { get; init; }

    /// <summary>Tokens never reach a log through a record's text.</summary>
    public override string ToString() => $"Credentials {{ Url = {Url}, Roles = {string.Join(", ", Roles.Select(role => role.ToString()))} }}";
}

public sealed record CredentialsRole
{
    public required Open<Role> Role { get; init; }

    public required BusinessDetails BusinessDetails { get; init; }

    [CiString(3, Min = 3)]
    public required string PartyId { get; init; }

    [CiString(2, Min = 2)]
    public required string CountryCode { get; init; }

    public override string ToString() => $"{Role} {CountryCode}*{PartyId}";
}
