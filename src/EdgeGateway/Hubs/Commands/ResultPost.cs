using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs.Commands;

/// <summary>Something for a response_url.</summary>
/// <param name="Name">Of the command that it is about.</param>
/// <param name="Correlation">The command's, where there is one: one chain (T11).</param>
public sealed record Result(HubLink Link, string Name, string Url, byte[] Body, string Correlation)
{
    /// <summary>The command's, swapped; null where the version has none.</summary>
    public OcpiRouting? Routing { get; init; }

    /// <summary>What the command was about, and how it went: for the log, without a whole uid (S11).</summary>
    public required string Shown { get; init; }
    public required string Outcome { get; init; }
}

/// <summary>Exactly one outcome (K1): tried again only while it is certain that none arrived, and not beyond the time of a command (P10).</summary>
public sealed class ResultPost(TimeProvider clock, ILogger<ResultPost> log)
{
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(500);

    public async Task SendAsync(Result result)
    {
        // K2: any 2xx will do, one with an empty answer too.
        var call = new OcpiCall { CorrelationId = result.Correlation, EmptyAnswerIsSuccess = true, Routing = result.Routing };
        var until = clock.GetUtcNow() + result.Link.Limits.CommandTimeout;
        for (var wait = RetryFirst; ; wait *= 2)
        {
            if (result.Link.Client() is not { } client)
                return;
            var reply = await client.PostBytesAsync(result.Url, result.Body, call, CancellationToken.None);
            if (reply.IsSuccess)
            {
                log.CommandTaken(result.Link.Name, result.Name, result.Shown, result.Outcome, result.Correlation);
                return;
            }
            var neverArrived = reply.Outcome == OcpiOutcome.Retryable && (reply.Stage == OcpiStage.Connect || reply.HttpStatus is 429 or >= 500);
            if (!neverArrived || clock.GetUtcNow() + wait > until)
            {
                log.OutcomeLost(result.Link.Name, reply.Reason, result.Correlation);
                return;
            }
            await Task.Delay(wait, clock);
        }
    }
}
