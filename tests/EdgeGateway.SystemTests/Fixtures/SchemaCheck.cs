using System.Text.Json.Nodes;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Simulators.Hub;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>Every object that the hub received and every answer that it got, judged by schemas that are not ours.</summary>
public static class SchemaCheck
{
    /// <summary>False where the schemas do not lie beside the checkout.</summary>
    public static bool IsPossible { get; } = Directory.Exists(Path.Combine(Checkout.Root, "..", "shared", "spec", "ocpi", "schemas"));

    /// <summary>What the schemas of 2.1.1 do not know; the hub holds these to their shapes alone.</summary>
    private static readonly string[] Unknown211 = ["EVSEPatch", "CommandResponse", "VersionDetails"];

    public static async Task<IReadOnlyList<string>> FaultsAsync(SimulatedHub hub, OcpiSchemaJudge judge)
    {
        var faults = new List<string>();
        foreach (var request in hub.Store.Requests.Where(r => r.Body.Length > 0))
            if (request.Version is { } version && HubShapes.KindOf(version, request.Method, request.Module, request.Subject.Split('/').Length) is { } schema
                && IsKnown(version, schema))
                faults.AddRange((await judge.JudgeAsync(schema, request.Body, version.Text())).Select(f => $"{request.Method} {request.Module}/{request.Subject}: {f}"));
        foreach (var answer in hub.Heard)
        {
            var (schema, list) = SchemaOf(answer);
            if (schema is not null && !IsKnown(answer.Version, schema))
                continue;
            // A list of versions belongs to none; the newest schemas know all that may stand in it.
            var version = schema == "Version" ? OcpiVersion.V230 : answer.Version;
            faults.AddRange((await judge.JudgeEnvelopeAsync(schema, answer.Body, list, version.Text())).Select(f => $"answer to {answer.Method} {answer.Url}: {f}"));
        }
        return faults;
    }

    private static bool IsKnown(OcpiVersion version, string schema) => version != OcpiVersion.V211 || !Unknown211.Contains(schema);

    private static (string? Schema, bool List) SchemaOf(HeardAnswer answer)
    {
        var data = JsonNode.Parse(answer.Body)?["data"];
        return answer.Module switch
        {
            _ when data is null => (null, false),
            "versions" => data is JsonArray ? ("Version", true) : ("VersionDetails", false),
            "locations" => ("Location", true),
            "sessions" => ("Session", true),
            "cdrs" => ("CDR", true),
            "tariffs" => ("Tariff", true),
            "commands" => ("CommandResponse", false),
            "credentials" => ("Credentials", false),
            _ => (null, false),
        };
    }
}
