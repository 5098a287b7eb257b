using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Protocols.Ocpp.Messages;

/// <summary>Reads payloads into messages, with a stated tolerance; checks them without reading.</summary>
public static class MessageReader
{
    /// <exception cref="OcppException">With the code a CALL of this kind is answered with. Never for <see cref="Tolerance.BestEffort"/>
    /// and a type whose required members can all be null.</exception>
    public static Received<T> Read<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> type, Tolerance tolerance) where T : class
    {
        // [3, id, null] for an answer without members.
        if (tolerance != Tolerance.Strict && payload.Span.SequenceEqual("null"u8))
        {
            var empty = Read("{}"u8.ToArray(), type, tolerance);
            return empty with { Warnings = ["the message is null", .. empty.Warnings] };
        }
        var walk = ShapeWalk.Begin(tolerance);
        try
        {
            var understood = walk.Walk(payload.Span, Shape.Of(type));
            if (!understood || tolerance == Tolerance.Strict && walk.Flaws.Count > 0)
            {
                var flaw = walk.Fault ?? walk.Flaws[0];
                if (tolerance != Tolerance.BestEffort) throw new OcppException(flaw.Code, flaw.ToString());
                return new(Nothing(type), Warnings(walk, flaw));
            }
            if (walk.Edits.Count == 0) return new(JsonSerializer.Deserialize(payload.Span, type)!, Warnings(walk, null));
            var repaired = new ArrayBufferWriter<byte>(payload.Length + 64);
            walk.WriteRepaired(payload.Span, repaired);
            return new(JsonSerializer.Deserialize(repaired.WrittenSpan, type)!, Warnings(walk, null));
        }
        finally
        {
            walk.End();
        }
    }

    /// <summary>All flaws by the standard's own rules; empty if there are none.</summary>
    public static IReadOnlyList<Flaw> Check(ReadOnlySpan<byte> payload, JsonTypeInfo type)
    {
        var walk = ShapeWalk.Begin(Tolerance.Strict);
        try
        {
            walk.Walk(payload, Shape.Of(type));
            return [.. walk.Flaws];
        }
        finally
        {
            walk.End();
        }
    }

    // An object of which nothing was understood: every required member is null.
    private static T Nothing<T>(JsonTypeInfo<T> type) where T : class => Read("{}"u8.ToArray(), type, Tolerance.BestEffort).Message;

    private static string[] Warnings(ShapeWalk walk, Flaw? last)
    {
        if (walk.Flaws.Count == 0 && last is null) return [];
        var warnings = walk.Flaws.Select(f => f.ToString());
        return [.. last is null ? warnings : warnings.Append(last.ToString())];
    }
}
