using System.Text.Json.Serialization.Metadata;

namespace EdgeGateway.Mqtt;

/// <summary>The topic tree for people, from the same table that publishes it.</summary>
internal static class TopicGuide
{
    public static IEnumerable<string> Lines()
    {
        yield return "Topics below Mqtt:BaseTopic (edge-gateway/{site id}). QoS 1. Payloads are JSON objects unless words are named; every member is always there, null says that";
        yield return "nothing is known. Times are ISO 8601 in UTC, units stand in the members' names. An id is one level: / + # % and control characters in it are written as in URLs (%2F).";
        yield return "Schemas: GET /schemas/mqtt at the admin listener.";
        foreach (var kind in TopicTree.All)
        {
            yield return "";
            yield return $"{kind.Pattern}{(kind.Retained ? ", retained" : "")}{(kind.ByGateway ? "" : ", published by clients")}";
            yield return $"  {kind.Meaning}: {kind.When}.";
            if (kind.Payload is null)
                yield return $"  {string.Join(" | ", kind.Words)}";
            foreach (var line in kind.Payload is null ? [] : Members(kind.Payload, "  "))
                yield return line;
        }
        yield return "";
        yield return "Home Assistant (with Mqtt:HomeAssistantDiscovery): {DiscoveryPrefix}/device/{id}/config, retained: one for the gateway, each hub, station and meter.";
    }

    private static IEnumerable<string> Members(JsonTypeInfo type, string indent)
    {
        foreach (var member in type.Properties)
        {
            var (meaning, words) = PayloadSchemas.Describe(member);
            yield return $"{indent}{member.Name} ({TypeOf(member.PropertyType)}{(member.IsRequired ? "" : ", may be left out")}): {meaning}{(words.Count > 0 ? $": {string.Join(", ", words)}" : "")}";
            // An answer's parts are described where they are published.
            if (type.Type != typeof(Payloads.AnswerPayload) && ElementOf(member.PropertyType) is { } element && type.Options.GetTypeInfo(element) is { Kind: JsonTypeInfoKind.Object } inner)
            {
                foreach (var line in Members(inner, indent + "  "))
                    yield return line;
            }
        }
    }

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && type.GetGenericArguments()[0] is { IsPrimitive: false } element
        && element != typeof(string) ? element : null;

    private static string TypeOf(Type member)
    {
        var type = Nullable.GetUnderlyingType(member) ?? member;
        return type == typeof(string) ? "text" : type == typeof(bool) ? "true or false" : type == typeof(DateTimeOffset) ? "time"
            : type == typeof(int) || type == typeof(long) ? "whole number" : type == typeof(decimal) || type == typeof(double) ? "number"
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? "list" : "object";
    }
}
