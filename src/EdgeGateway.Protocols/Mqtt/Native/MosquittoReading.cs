using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Mqtt.Native;

/// <summary>A message as the library shows it in its callback, copied: its memory is gone afterwards.</summary>
internal static unsafe class MosquittoReading
{
    /// <returns>Null for what breaks a limit (S6).</returns>
    public static MqttMessage? Read(MosquittoMessage* message, nint properties)
    {
        if (message->PayloadLength is < 0 or > MqttLimits.Payload || Marshal.PtrToStringUTF8((nint)message->Topic) is not { Length: > 0 and <= MqttLimits.Topic } topic)
            return null;
        var correlation = Binary(properties, Mosquitto.PropertyCorrelationData);
        if (correlation.Length > MqttLimits.Correlation)
            return null;
        var answer = Text(properties, Mosquitto.PropertyResponseTopic);
        return new(topic, new ReadOnlySpan<byte>(message->Payload, message->PayloadLength).ToArray())
        {
            Retain = message->Retain != 0,
            // An answer to nowhere is no reason to leave the question.
            ResponseTopic = answer is not null && MqttLimits.IsTopic(answer) ? answer : null,
            CorrelationData = correlation,
            ContentType = Text(properties, Mosquitto.PropertyContentType),
        };
    }

    private static string? Text(nint properties, int identifier)
    {
        if (properties == 0 || Mosquitto.ReadString(properties, identifier, out var value, skipFirst: false) == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)value);
        }
        finally
        {
            NativeMemory.Free(value);
        }
    }

    private static byte[] Binary(nint properties, int identifier)
    {
        if (properties == 0 || Mosquitto.ReadBinary(properties, identifier, out var value, out var length, skipFirst: false) == 0)
            return [];
        try
        {
            return new ReadOnlySpan<byte>(value, length).ToArray();
        }
        finally
        {
            NativeMemory.Free(value);
        }
    }
}
