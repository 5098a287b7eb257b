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

/// <summary>One line of a family's table: an action, its types, who sends it, in which versions.</summary>
/// <param name="wire">The serialisers of the family, or of that version of it which alone has the action.</param>
public abstract class OcppAction(string name, Party sender, Wire wire, bool alwaysAnswered)
{
    public string Name => name;

    /// <summary>Who may send the request.</summary>
    public Party Sender => sender;

    /// <summary>
    /// Whether the request gets a result whatever is wrong with it (1.6 4.7-4.10). Its required members can all be null, and by default
    /// it is read with <see cref="Tolerance.BestEffort"/>.
    /// </summary>
    public bool AlwaysAnswered => alwaysAnswered;

    /// <summary>As the newest version of the family has it, which is how it is read.</summary>
    public abstract JsonTypeInfo RequestType { get; }

    /// <summary>As the newest version of the family has it, which is how it is read; null for a SEND, which has no answer.</summary>
    public abstract JsonTypeInfo? ResponseType { get; }

    public bool ExistsIn(OcppVersion version) => wire.For(version) is not null;

    /// <summary>The flaws of a request that is to be sent to a station of this version; empty if it may go out.</summary>
    public IReadOnlyList<Flaw> CheckRequest(ReadOnlySpan<byte> json, OcppVersion version) => MessageReader.Check(json, TypeIn(RequestType, version));

    /// <summary>The flaws of a response that is to be sent to a station of this version; empty if it may go out.</summary>
    public IReadOnlyList<Flaw> CheckResponse(ReadOnlySpan<byte> json, OcppVersion version) =>
        MessageReader.Check(json, TypeIn(ResponseType ?? throw new InvalidOperationException("a SEND has no response"), version));

    public override string ToString() => Name;

    protected JsonSerializerOptions Newest => wire.Options;

    protected JsonTypeInfo TypeIn(JsonTypeInfo newest, OcppVersion? version)
    {
        if (version is null) return newest;
        var options = wire.For(version) ?? throw new ArgumentException($"{name} is no action of {version}", nameof(version));
        return ReferenceEquals(options, newest.Options) ? newest : options.GetTypeInfo(newest.Type);
    }
}

/// <inheritdoc />
public sealed class OcppAction<TRequest, TResponse>(string name, Party sender, Wire wire, bool alwaysAnswered = false)
    : OcppAction(name, sender, wire, alwaysAnswered)
    where TRequest : class
    where TResponse : class
{
    private JsonTypeInfo<TRequest>? _request;
    private JsonTypeInfo<TResponse>? _response;

    public override JsonTypeInfo<TRequest> RequestType => _request ??= (JsonTypeInfo<TRequest>)Newest.GetTypeInfo(typeof(TRequest));

    public override JsonTypeInfo<TResponse> ResponseType => _response ??= (JsonTypeInfo<TResponse>)Newest.GetTypeInfo(typeof(TResponse));

    /// <exception cref="OcppException">If it cannot be understood; never for an action that is <see cref="OcppAction.AlwaysAnswered"/>.</exception>
    public Received<TRequest> ReadRequest(ReadOnlyMemory<byte> payload) =>
        MessageReader.Read(payload, RequestType, AlwaysAnswered ? Tolerance.BestEffort : Tolerance.Lenient);

    /// <exception cref="OcppException">If it cannot be understood.</exception>
    public Received<TResponse> ReadResponse(ReadOnlyMemory<byte> payload) => MessageReader.Read(payload, ResponseType, Tolerance.Lenient);

    /// <param name="version">Null: the newest of the family.</param>
    public Payload Write(TRequest request, OcppVersion? version = null) => Payload.Of(request, (JsonTypeInfo<TRequest>)TypeIn(RequestType, version));

    /// <param name="version">Null: the newest of the family.</param>
    public Payload Write(TResponse response, OcppVersion? version = null) =>
        Payload.Of(response, (JsonTypeInfo<TResponse>)TypeIn(ResponseType, version));
}

/// <summary>A message that is never answered (SEND, 2.1).</summary>
public sealed class OcppSend<TMessage>(string name, Party sender, Wire wire) : OcppAction(name, sender, wire, alwaysAnswered: false)
    where TMessage : class
{
    private JsonTypeInfo<TMessage>? _message;

    public override JsonTypeInfo<TMessage> RequestType => _message ??= (JsonTypeInfo<TMessage>)Newest.GetTypeInfo(typeof(TMessage));

    public override JsonTypeInfo? ResponseType => null;

    /// <exception cref="OcppException">If it cannot be understood.</exception>
    public Received<TMessage> Read(ReadOnlyMemory<byte> payload) => MessageReader.Read(payload, RequestType, Tolerance.Lenient);

    /// <param name="version">Null: the newest of the family.</param>
    public Payload Write(TMessage message, OcppVersion? version = null) => Payload.Of(message, (JsonTypeInfo<TMessage>)TypeIn(RequestType, version));
}
