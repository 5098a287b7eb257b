using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>
/// Which CALL goes where: one table for all connections of a version. An unknown action is NotImplemented; one that is known but not
/// served here, or not to be sent by the other side, is NotSupported. Handlers of a family's newest version may all be set on the older's
/// table too: it leaves out those of actions that the older does not have.
/// </summary>
/// <typeparam name="TLine">What a handler knows of the connection the CALL came on.</typeparam>
public sealed class CallRouter<TLine>(MessageSet messages)
{
    private readonly Dictionary<string, Func<TLine, IncomingCall, CancellationToken, ValueTask<Payload>>> _routes = new(StringComparer.Ordinal);

    private Action<TLine, IncomingCall, IReadOnlyList<string>>? _tolerated;

    /// <summary>The actions that have a handler.</summary>
    public IReadOnlyCollection<string> Served => _routes.Keys;

    /// <summary>Is told what was tolerated in reading a message, before its handler.</summary>
    public CallRouter<TLine> OnTolerated(Action<TLine, IncomingCall, IReadOnlyList<string>> tell)
    {
        _tolerated = tell;
        return this;
    }

    public CallRouter<TLine> On<TRequest, TResponse>(
        OcppAction<TRequest, TResponse> action, Func<TLine, Call<TRequest>, CancellationToken, ValueTask<TResponse>> handle)
        where TRequest : class
        where TResponse : class
    {
        if (!action.ExistsIn(messages.Version)) return this;
        _routes.Add(action.Name, async (line, call, cancel) =>
        {
            var (request, warnings) = action.ReadRequest(call.Payload);
            if (warnings.Count > 0) _tolerated?.Invoke(line, call, warnings);
            return action.Write(await handle(line, new(request, warnings, call), cancel), messages.Version);
        });
        return this;
    }

    /// <summary>A message that is not answered; one that came as a CALL by mistake is served, and answered with an empty object.</summary>
    public CallRouter<TLine> On<TMessage>(OcppSend<TMessage> send, Func<TLine, Call<TMessage>, CancellationToken, ValueTask> handle)
        where TMessage : class
    {
        if (!send.ExistsIn(messages.Version)) return this;
        _routes.Add(send.Name, async (line, call, cancel) =>
        {
            var (message, warnings) = send.Read(call.Payload);
            if (warnings.Count > 0) _tolerated?.Invoke(line, call, warnings);
            await handle(line, new(message, warnings, call), cancel);
            return default;
        });
        return this;
    }

    /// <summary>Serves a CALL; to be called from a <see cref="CallHandler"/>.</summary>
    /// <exception cref="OcppException">If the action is not served or the request cannot be understood, or from the handler.</exception>
    public ValueTask<Payload> HandleAsync(TLine line, IncomingCall call, CancellationToken cancel)
    {
        if (_routes.TryGetValue(call.Action, out var route)) return route(line, call, cancel);
        throw messages.Find(call.Action) is null
            ? new OcppException(OcppErrorCode.NotImplemented, "unknown action")
            : new OcppException(OcppErrorCode.NotSupported, "not served here");
    }
}

/// <summary>A request, with what was tolerated in reading it and the CALL it came in.</summary>
/// <param name="Raw">Its payload is valid until the handler completes.</param>
public sealed record Call<TRequest>(TRequest Request, IReadOnlyList<string> Warnings, IncomingCall Raw)
{
    /// <summary>When it was received, before it waited for its turn.</summary>
    public DateTimeOffset ReceivedAt => Raw.ReceivedAt;
}
