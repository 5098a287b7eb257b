using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>What a 2.x station's answer counts as, with its own words for it.</summary>
internal static class V21Answers
{
    /// <param name="why">Said where it did not do it.</param>
    /// <param name="status">Said before it, where the outcome alone is not all.</param>
    public static OrderResult Order<T>(Answer<T> answer, Func<T, OrderOutcome> outcomeOf, Func<T, StatusInfo?> why, Func<T, string>? status = null) where T : class
    {
        var result = OrderAnswers.Read(answer, outcomeOf);
        if (answer.Response is not { } response || result.Outcome is OrderOutcome.Accepted)
            return result;
        var detail = $"{status?.Invoke(response)} {Said(why(response))}".Trim();
        return detail.Length == 0 ? result : result with { Detail = detail };
    }

    /// <summary>The status in the station's own words, and why.</summary>
    public static CareAnswer Care<T>(Answer<T> answer, Func<T, CareOutcome> outcomeOf, Func<T, string> status, Func<T, StatusInfo?>? why = null) where T : class =>
        answer.Response is { } response
            ? CareAnswer.Of(outcomeOf(response), $"{status(response)} {Said(why?.Invoke(response))}".TrimEnd())
            : CareAnswers.Failed(answer.Outcome);

    /// <summary>One line for people; empty when there is nothing.</summary>
    public static string Said(StatusInfo? info) => info is null ? "" : $"{info.ReasonCode} {info.AdditionalInfo}".TrimEnd();

    /// <summary>What a station says becomes no structure of ours (S6).</summary>
    public static string Printable(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? ' ' : source[i];
    });
}
