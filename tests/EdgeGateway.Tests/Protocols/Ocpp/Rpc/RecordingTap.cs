using System.Collections.Concurrent;
using System.Text;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Tests.Protocols.Ocpp.Rpc;

internal sealed record SeenFrame(FrameDirection Direction, FrameType? Type, string? MessageId, string? Action, string Text);

internal sealed class RecordingTap : ILineTap
{
    public ConcurrentQueue<SeenFrame> Frames { get; } = new();

    public ConcurrentQueue<LineTrouble> Troubles { get; } = new();

    public void OnFrame(in TappedFrame frame) =>
        Frames.Enqueue(new(frame.Direction, frame.Type, frame.MessageId, frame.Action, Encoding.UTF8.GetString(frame.Text.Span)));

    public void OnTrouble(LineTrouble trouble) => Troubles.Enqueue(trouble);
}
