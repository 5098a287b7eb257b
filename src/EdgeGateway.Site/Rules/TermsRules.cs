using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Rules;

/// <summary>Under which terms a session runs: its place, and the tariff that its owner is shown there (D5).</summary>
internal static class TermsRules
{
    public static SessionTerms At(SiteConfiguration configuration, Position at, string? hub, Token? token, DateTimeOffset start)
    {
        var evse = configuration.Station(at.Station)?.Evse(at.Evse);
        var connector = evse?.Connector(at.Connector);
        return new()
        {
            Site = configuration.Site,
            Evse = evse,
            Connector = connector,
            Tariff = TariffOf(configuration, connector, hub, token, start),
            RoundTotals = configuration.RoundTotals,
            Meter = configuration.MeterOf(at.Station, at.Evse),
        };
    }

    /// <summary>The terms of a session that finds its owner later: the place stays as it was, the tariff is the owner's as of the start. One that is the
    /// same as before stays the copy that was made then.</summary>
    public static SessionTerms For(SiteConfiguration configuration, SessionTerms terms, string? hub, Token token, DateTimeOffset start)
    {
        var tariff = TariffOf(configuration, terms.Connector, hub, token, start);
        return tariff?.Id == terms.Tariff?.Id ? terms : terms with { Tariff = tariff };
    }

    /// <summary>The first of the connector's tariffs, each as this hub is shown it, that is valid at the start and meant for this driver.</summary>
    private static Tariff? TariffOf(SiteConfiguration configuration, ConnectorConfiguration? connector, string? hub, Token? token, DateTimeOffset start)
    {
        if (connector is null || connector.Tariffs.IsDefaultOrEmpty)
            return null;
        var terms = configuration.Hub(hub);
        foreach (var id in connector.Tariffs)
        {
            if (configuration.Tariff(terms?.TariffShown(id) ?? id) is { } tariff && IsValid(tariff, start) && IsFor(tariff, token))
                return tariff;
        }
        return null;
    }

    private static bool IsValid(Tariff tariff, DateTimeOffset at) => !(tariff.ValidFrom > at) && !(tariff.ValidUntil <= at);

    /// <summary>A kind that no token of ours can be known for fits nobody.</summary>
    private static bool IsFor(Tariff tariff, Token? token) => tariff.Type switch
    {
        null or "REGULAR" => true,
        "AD_HOC_PAYMENT" => token?.Type is TokenType.AdHocUser,
        ['P', 'R', 'O', 'F', 'I', 'L', 'E', '_', .. var profile] => string.Equals(token?.DefaultProfile, profile, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
