using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Tests.Fixtures;

/// <summary>
/// Judges OCPI messages by schemas that are not ours: one node process (tests/node/ocpi-judge.mjs) that answers line by line.
/// Needs node, <c>npm ci</c> in tests/node, and <c>../shared</c> beside the checkout; <see cref="StartOrSkip"/> skips the test where one is absent.
/// This file knows nothing else of the tests, so that other test projects can link it.
/// </summary>
public sealed class OcpiSchemaJudge : IAsyncDisposable
{
    /// <summary>Node starts in well under a second; a judge that is silent for this long is dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _node;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private OcpiSchemaJudge(Process node) => _node = node;

    public static OcpiSchemaJudge StartOrSkip()
    {
        var checkout = Checkout();
        var schemas = Path.GetFullPath(Path.Combine(checkout, "..", "shared", "spec", "ocpi", "schemas"));
        var script = Path.Combine(checkout, "tests", "node", "ocpi-judge.mjs");
        if (!Directory.Exists(schemas))
            Assert.Skip("../shared/spec/ocpi/schemas is absent");
        if (!Directory.Exists(Path.Combine(checkout, "tests", "node", "node_modules", "ajv")))
            Assert.Skip("tests/node/node_modules is absent: run npm ci in tests/node");
        var start = new ProcessStartInfo("node", [script, schemas])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            return new OcpiSchemaJudge(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is absent");
            throw;
        }
    }

    /// <summary>
    /// Faults of an object by the schema's name (<c>Location</c>, <c>CDR</c>, <c>EVSE</c>, <c>CommandResult</c> …); empty: none.
    /// </summary>
    public Task<IReadOnlyList<string>> JudgeAsync(string schema, ReadOnlyMemory<byte> json, string version = "2.2.1") =>
        AskAsync(schema, json, version, envelope: false, list: false);

    /// <summary>Faults of a whole answer: the envelope, and its data by the schema (null: no data is wanted, as in errors and after a PUT).</summary>
    public Task<IReadOnlyList<string>> JudgeEnvelopeAsync(string? schema, ReadOnlyMemory<byte> json, bool list = false, string version = "2.2.1") =>
        AskAsync(schema, json, version, envelope: true, list);

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _node.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _node.Kill();
        }

        _node.Dispose();
        _turn.Dispose();
    }

    private async Task<IReadOnlyList<string>> AskAsync(string? schema, ReadOnlyMemory<byte> json, string version, bool envelope, bool list)
    {
        var question = new StringBuilder("{\"json\":").Append(OneLine(json)).Append(",\"version\":\"").Append(version).Append('"');
        if (schema is not null)
            question.Append(",\"schema\":\"").Append(schema).Append('"');
        question.Append(envelope ? ",\"envelope\":true" : "").Append(list ? ",\"list\":true" : "").Append('}');
        await _turn.WaitAsync();
        try
        {
            await _node.StandardInput.WriteLineAsync(question);
            await _node.StandardInput.FlushAsync();
            using var limit = new CancellationTokenSource(Patience);
            var answer = await _node.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("the schema judge has ended");
            using var faults = JsonDocument.Parse(answer);
            return [.. faults.RootElement.EnumerateArray().Select(fault => fault.GetString()!)];
        }
        finally
        {
            _turn.Release();
        }
    }

    private static string OneLine(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            document.RootElement.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGateway.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("no EdgeGateway.sln above the tests");
    }
}
