using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>The two sides of a line.</summary>
[Flags]
public enum Party
{
    Station = 1,
    Csms = 2,
    Both = Station | Csms,
}

/// <summary>One line of a version's table: an action, its types, who sends it.</summary>
public abstract class OcppAction(string name, Party sender, bool alwaysAnswered)
{
    public string Name => name;

    /// <summary>Who may send the request.</summary>
    public Party Sender => sender;

    /// <summary>
    /// Whether the request gets a result whatever is wrong with it (1.6 4.7-4.10). Its required members can all be null, and by default
    /// it is read with <see cref="Tolerance.BestEffort"/>.
    /// </summary>
    public bool AlwaysAnswered => alwaysAnswered;

    public abstract JsonTypeInfo RequestType { get; }

    public abstract JsonTypeInfo ResponseType { get; }

    /// <summary>The flaws of a request that is to be sent; empty if it may go out.</summary>
    public IReadOnlyList<Flaw> CheckRequest(ReadOnlySpan<byte> json) => MessageReader.Check(json, RequestType);

    /// <summary>The flaws of a response that is to be sent; empty if it may go out.</summary>
    public IReadOnlyList<Flaw> CheckResponse(ReadOnlySpan<byte> json) => MessageReader.Check(json, ResponseType);

    public override string ToString() => Name;
}

/// <inheritdoc />
/// <param name="wire">The serialisers of the version.</param>
public sealed class OcppAction<TRequest, TResponse>(string name, Party sender, JsonSerializerOptions wire, bool alwaysAnswered = false)
    : OcppAction(name, sender, alwaysAnswered)
    where TRequest : class
    where TResponse : class
{
    private JsonTypeInfo<TRequest>? _request;
    private JsonTypeInfo<TResponse>? _response;

    public override JsonTypeInfo<TRequest> RequestType => _request ??= (JsonTypeInfo<TRequest>)wire.GetTypeInfo(typeof(TRequest));

    public override JsonTypeInfo<TResponse> ResponseType => _response ??= (JsonTypeInfo<TResponse>)wire.GetTypeInfo(typeof(TResponse));

    /// <exception cref="OcppException">If it cannot be understood; never for an action that is <see cref="OcppAction.AlwaysAnswered"/>.</exception>
    public Received<TRequest> ReadRequest(ReadOnlyMemory<byte> payload) =>
        MessageReader.Read(payload, RequestType, AlwaysAnswered ? Tolerance.BestEffort : Tolerance.Lenient);

    /// <exception cref="OcppException">If it cannot be understood.</exception>
    public Received<TResponse> ReadResponse(ReadOnlyMemory<byte> payload) => MessageReader.Read(payload, ResponseType, Tolerance.Lenient);

    public Payload Write(TRequest request) => Payload.Of(request, RequestType);

    public Payload Write(TResponse response) => Payload.Of(response, ResponseType);
}
