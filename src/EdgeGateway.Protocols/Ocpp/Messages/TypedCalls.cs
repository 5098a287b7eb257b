using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>What became of a typed CALL of ours.</summary>
/// <param name="Response">Null unless a CALLRESULT came and was understood.</param>
/// <param name="Warnings">What was tolerated in the response.</param>
/// <param name="Outcome">
/// A <see cref="CallAnswered"/> if there is a response; else a <see cref="CallRefused"/> or <see cref="CallUnanswered"/>.
/// </param>
public sealed record Answer<TResponse>(TResponse? Response, IReadOnlyList<string> Warnings, CallOutcome Outcome) where TResponse : class
{
    [MemberNotNullWhen(true, nameof(Response))]
    public bool Succeeded => Response is not null;
}

public static class TypedCalls
{
    /// <summary>Sends a typed CALL when its turn comes, if it keeps the standard's rules, and waits for the answer.</summary>
    /// <param name="cancel">Gives up waiting; a CALL already sent stays sent.</param>
    public static async Task<Answer<TResponse>> CallAsync<TRequest, TResponse>(
        this RpcConnection line, OcppAction<TRequest, TResponse> action, TRequest request, CancellationToken cancel)
        where TRequest : class
        where TResponse : class
    {
        if (action.CheckRequest(JsonSerializer.SerializeToUtf8Bytes(request, action.RequestType)) is [var flaw, ..])
            return new(null, [], new CallUnanswered(CallFailure.NotSendable, flaw.ToString()));
        var outcome = await line.CallAsync(action.Name, action.Write(request), cancel);
        if (outcome is not CallAnswered answered) return new(null, [], outcome);
        try
        {
            var (response, warnings) = action.ReadResponse(answered.Payload);
            return new(response, warnings, outcome);
        }
        catch (OcppException e)
        {
            return new(null, [], new CallUnanswered(CallFailure.Unreadable, e.Message));
        }
    }
}
