using System.Diagnostics.CodeAnalysis;
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
    /// <summary>Sends a typed CALL when its turn comes, if it keeps the rules of the line's version, and waits for the answer.</summary>
    /// <param name="cancel">Gives up waiting; a CALL already sent stays sent.</param>
    public static async Task<Answer<TResponse>> CallAsync<TRequest, TResponse>(
        this RpcConnection line, OcppAction<TRequest, TResponse> action, TRequest request, CancellationToken cancel)
        where TRequest : class
        where TResponse : class
    {
        if (!action.ExistsIn(line.Version))
            return new(null, [], new CallUnanswered(CallFailure.NotSendable, $"{action} is no action of {line.Version}"));
        var payload = action.Write(request, line.Version);
        if (action.CheckRequest(payload.ToBytes(), line.Version) is [var flaw, ..])
            return new(null, [], new CallUnanswered(CallFailure.NotSendable, flaw.ToString()));
        var outcome = await line.CallAsync(action.Name, payload, cancel);
        if (outcome is not CallAnswered answered) return new(null, [], outcome);
        try
        {
            var (response, warnings) = action.ReadResponse(answered.Payload);
            return new(response, warnings, outcome);
        }
        catch (OcppException e)
        {
            await line.RefuseResultAsync(answered.MessageId, e);
            return new(null, [], new CallUnanswered(CallFailure.Unreadable, e.Message));
        }
    }

    /// <summary>Sends a message that is never answered, in its turn among what goes out; waits for no CALL.</summary>
    /// <returns>Null if it went out; else why not.</returns>
    public static async Task<string?> SendAsync<TMessage>(this RpcConnection line, OcppSend<TMessage> send, TMessage message)
        where TMessage : class
    {
        if (!send.ExistsIn(line.Version)) return $"{send} is no message of {line.Version}";
        var payload = send.Write(message, line.Version);
        if (send.CheckRequest(payload.ToBytes(), line.Version) is [var flaw, ..]) return flaw.ToString();
        return await line.SendAsync(send.Name, payload) ? null : "the line has ended";
    }
}
