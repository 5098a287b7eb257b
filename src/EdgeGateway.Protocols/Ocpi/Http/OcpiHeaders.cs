namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>Reads a header of a request or answer by its name; null when absent. Every web framework can offer this.</summary>
public delegate string? HeaderReader(string name);

public static class OcpiHeaders
{
    public const string RequestId = "X-Request-ID";
    public const string CorrelationId = "X-Correlation-ID";
    public const string ToCountryCode = "OCPI-to-country-code";
    public const string ToPartyId = "OCPI-to-party-id";
    public const string FromCountryCode = "OCPI-from-country-code";
    public const string FromPartyId = "OCPI-from-party-id";
    public const string TotalCount = "X-Total-Count";
    public const string Limit = "X-Limit";
    public const string Link = "Link";
    public const string Location = "Location";
}

/// <summary>A request's ids (T11): a retry is a new request id in the same chain.</summary>
public readonly record struct OcpiIds(string RequestId, string CorrelationId)
{
    /// <summary>Longer or unprintable ids of a peer are replaced: they would only serve to fill our log.</summary>
    public const int MaxLength = 128;

    public static OcpiIds New() => new(NewId(), NewId());

    /// <summary>A new request of a chain.</summary>
    public static OcpiIds Within(string? correlationId) => new(NewId(), correlationId ?? NewId());

    /// <summary>Those of a request we got, made up where it has none. Echo both in the answer.</summary>
    public static OcpiIds Of(HeaderReader header) => new(Usable(header(OcpiHeaders.RequestId)) ?? NewId(), Usable(header(OcpiHeaders.CorrelationId)) ?? NewId());

    public IEnumerable<KeyValuePair<string, string>> Headers() =>
        [new(OcpiHeaders.RequestId, RequestId), new(OcpiHeaders.CorrelationId, CorrelationId)];

    private static string NewId() => Guid.NewGuid().ToString();

    private static string? Usable(string? id) =>
        string.IsNullOrWhiteSpace(id) || id.Length > MaxLength || id.AsSpan().ContainsAnyExceptInRange(' ', '~') ? null : id;
}

/// <summary>Routing headers of section 6 [22+]. Never sent with credentials, versions and hubclientinfo.</summary>
public sealed record OcpiRouting
{
    public OcpiParty? To { get; init; }

    public OcpiParty? From { get; init; }

    /// <summary>Those of a request; parts that are missing or malformed count as absent (R2).</summary>
    public static OcpiRouting Of(HeaderReader header) => new()
    {
        To = Party(header(OcpiHeaders.ToCountryCode), header(OcpiHeaders.ToPartyId)),
        From = Party(header(OcpiHeaders.FromCountryCode), header(OcpiHeaders.FromPartyId)),
    };

    /// <summary>For the answer: from and to change places (R2); nothing when the request had none.</summary>
    public OcpiRouting Swapped() => new() { To = From, From = To };

    public IEnumerable<KeyValuePair<string, string>> Headers()
    {
        if (To is { } to)
        {
            yield return new(OcpiHeaders.ToCountryCode, to.CountryCode);
            yield return new(OcpiHeaders.ToPartyId, to.PartyId);
        }

        if (From is { } from)
        {
            yield return new(OcpiHeaders.FromCountryCode, from.CountryCode);
            yield return new(OcpiHeaders.FromPartyId, from.PartyId);
        }
    }

    private static OcpiParty? Party(string? country, string? party) =>
        country?.Trim() is { Length: 2 } c && party?.Trim() is { Length: 3 } p && IsPlain(c) && IsPlain(p) ? new OcpiParty(c, p) : null;

    private static bool IsPlain(string code) => code.All(char.IsAsciiLetterOrDigit);
}
