using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs.Registering;

/// <summary>The tokens we give out, through a change without a gap (C5): pure steps on a record.</summary>
internal static class InboundTokens
{
    /// <summary>Offers of handshakes that never ended; more would only be failed attempts of which the hub kept none.</summary>
    private const int OffersKept = 4;

    /// <summary>Valid from now on, because the hub calls back during the handshake (checklist §3, step 3).</summary>
    public static IReadOnlyList<InboundToken> Offer(IReadOnlyList<InboundToken> tokens, string token, DateTimeOffset now, HubLimits limits)
    {
        var living = tokens.Where(t => t.Until is null || t.Until > now).ToList();
        var offers = living.Where(t => t.Offered).OrderByDescending(t => t.Since).Take(OffersKept - 1);
        return [.. living.Where(t => !t.Offered), .. offers, new(DigestOf(token), now, now + limits.OldTokenLife, Offered: true)];
    }

    /// <summary>The handshake succeeded with this token: it is in force, and all others end by its first use or with time.</summary>
    public static IReadOnlyList<InboundToken> Confirm(IReadOnlyList<InboundToken> tokens, string token, DateTimeOffset now, HubLimits limits)
    {
        var digest = DigestOf(token);
        return
        [
            .. tokens.Where(t => t.Digest != digest && (t.Until is null || t.Until > now)).Select(t => t with { Until = Earlier(t.Until, now + limits.OldTokenLife), Offered = false }),
            new(digest, now, null, Offered: false),
        ];
    }

    /// <summary>The hub does business with a token that we only offered it: it took it, though its answer never came. The one before ends with time.</summary>
    public static IReadOnlyList<InboundToken> Adopt(IReadOnlyList<InboundToken> tokens, InboundToken offered, DateTimeOffset now, HubLimits limits) =>
    [
        .. tokens.Where(t => t.Digest != offered.Digest).Select(t => t.Until is null ? t with { Until = now + limits.OldTokenLife } : t),
        offered with { Until = null, Offered = false },
    ];

    /// <summary>The hub uses the token in force: whatever else it was given before ends at once.</summary>
    public static IReadOnlyList<InboundToken> Used(IReadOnlyList<InboundToken> tokens) => [.. tokens.Where(t => t.Until is null || t.Offered)];

    public static bool HasOld(IReadOnlyList<InboundToken> tokens) => tokens.Any(t => t.Until is not null && !t.Offered);

    public static string DigestOf(string token) => Convert.ToHexString(OcpiToken.Digest(token));

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one is { } known && known < other ? known : other;
}
