using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Tests.Chargers;

public sealed class RawChargerSettings
{
    public IReadOnlyList<string> Protocols { get; set; } = ["ocpp1.6"];
    public bool Compression { get; set; }

    /// <summary>Sent as the Authorization header, in place of what the password gives.</summary>
    public byte[]? Credentials { get; set; }
}

/// <summary>A charger's end of a line, by hand: what it sends is what the test wrote.</summary>
public sealed class RawCharger : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket _socket;

    private RawCharger(ClientWebSocket socket) => _socket = socket;

    public ClientWebSocket Socket => _socket;

    public static RawCharger Over(ClientWebSocket open) => new(open);

    public static Task<RawCharger> ConnectAsync(ChargersHost host, string path, string? password, Action<RawChargerSettings>? configure) =>
        ConnectAsync(host.Address, path, password, configure);

    public static async Task<RawCharger> ConnectAsync(Uri address, string path, string? password, Action<RawChargerSettings>? configure = null)
    {
        var settings = new RawChargerSettings();
        configure?.Invoke(settings);
        var socket = new ClientWebSocket();
        foreach (var protocol in settings.Protocols)
            socket.Options.AddSubProtocol(protocol);
        var user = Uri.UnescapeDataString(path.Split('?')[0].TrimEnd('/').Split('/')[^1]);
        if (settings.Credentials is { } bytes)
            socket.Options.SetRequestHeader("Authorization", new AuthenticationHeaderValue("Basic", Convert.ToBase64String(bytes)).ToString());
        else if (password is not null)
            socket.Options.SetRequestHeader("Authorization", Basic(user, password));
        if (settings.Compression)
            socket.Options.DangerousDeflateOptions = new();
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{address.Authority}/ocpp/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), CancellationToken.None).WaitAsync(Patience);
        }
        catch (WebSocketException)
        {
            Assert.NotEqual(0, (int)socket.HttpStatusCode);
            throw new RefusedException((int)socket.HttpStatusCode);
        }
        return new(socket);
    }

    public static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next message; null when the line was closed or broke.</summary>
    public async Task<JsonElement?> ReceiveAsync(TimeSpan? patience = null)
    {
        var buffer = new byte[70_000];
        var length = 0;
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).AsTask().WaitAsync(patience ?? Patience);
                if (result.MessageType == WebSocketMessageType.Close)
                    return null;
                length += result.Count;
                if (result.EndOfMessage)
                    return JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends a CALL and returns the whole answer frame.</summary>
    public async Task<JsonElement?> AskAsync(string id, string action, string payload)
    {
        await SendAsync($"[2,\"{id}\",\"{action}\",{payload}]");
        return await ReceiveAsync();
    }

    /// <summary>Sends a CALL and returns the payload of its CALLRESULT.</summary>
    public async Task<JsonElement> CallAsync(string id, string action, string payload)
    {
        var answer = await AskAsync(id, action, payload);
        Assert.NotNull(answer);
        Assert.Equal(3, answer.Value[0].GetInt32());
        Assert.Equal(id, answer.Value[1].GetString());
        return answer.Value[2];
    }

    public Task<JsonElement> BootAsync(string id = "boot") =>
        CallAsync(id, "BootNotification", """{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"1.0"}""");

    /// <summary>The next CALL of the gateway: its id, action and payload.</summary>
    public async Task<(string Id, string Action, JsonElement Payload)> ReceiveCallAsync()
    {
        var frame = await ReceiveAsync();
        Assert.NotNull(frame);
        Assert.Equal(2, frame.Value[0].GetInt32());
        return (frame.Value[1].GetString()!, frame.Value[2].GetString()!, frame.Value[3]);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        await Task.CompletedTask;
    }
}

public sealed class RefusedException(int status) : Exception($"refused with {status}")
{
    public int Status => status;
}
