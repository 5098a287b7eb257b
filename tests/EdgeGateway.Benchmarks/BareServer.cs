using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Benchmarks;

/// <summary>The limit that the gateway is measured by: a bare Kestrel websocket that writes each frame into SQLite (WAL, synchronous=FULL,
/// group commit) and answers after the commit. It understands nothing.</summary>
internal static class BareServer
{
    public static async Task RunAsync(string file, bool durable)
    {
        using var writer = durable ? new GroupWriter(file) : null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
                return;
            using var socket = await context.WebSockets.AcceptWebSocketAsync("ocpp1.6");
            await EchoAsync(socket, writer);
        });
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await app.WaitForShutdownAsync();
    }

    private static async Task EchoAsync(WebSocket socket, GroupWriter? writer)
    {
        var buffer = new byte[65_536];
        var reply = new byte[256];
        var number = 0;
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close)
                return;
            var text = Encoding.UTF8.GetString(buffer, 0, result.Count);
            if (writer is not null)
                await writer.WriteAsync(text);
            var length = Encoding.UTF8.GetBytes($"[3,\"{text.Split('"', 3)[1]}\",{{\"transactionId\":{++number},\"idTagInfo\":{{\"status\":\"Accepted\"}}}}]", reply);
            await socket.SendAsync(reply.AsMemory(0, length), WebSocketMessageType.Text, true, CancellationToken.None);
        }
    }

    /// <summary>One row per frame, all that waits in one transaction.</summary>
    internal sealed class GroupWriter : IDisposable
    {
        private readonly Channel<(string Text, TaskCompletionSource Done)> _waiting = Channel.CreateUnbounded<(string, TaskCompletionSource)>(new() { SingleReader = true });
        private readonly SqliteConnection _connection;

        public GroupWriter(string file)
        {
            // The same libsqlite3 as the gateway's.
            RuntimeHelpers.RunModuleConstructor(typeof(Journal.Store).Module.ModuleHandle);
            _connection = new($"Data Source={file};Pooling=False");
            _connection.Open();
            foreach (var pragma in (string[])["journal_mode=WAL", "synchronous=FULL", "secure_delete=OFF", "wal_autocheckpoint=1000"])
                Execute($"PRAGMA {pragma}");
            Execute("CREATE TABLE frame(id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
            _ = Task.Run(WriteAllAsync);
        }

        public void Dispose() => _connection.Dispose();

        public Task WriteAsync(string text)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Writer.TryWrite((text, done));
            return done.Task;
        }

        private async Task WriteAllAsync()
        {
            using var insert = _connection.CreateCommand();
            insert.CommandText = "INSERT INTO frame(text) VALUES ($text)";
            var parameter = insert.Parameters.Add("$text", SqliteType.Text);
            var group = new List<TaskCompletionSource>();
            while (await _waiting.Reader.WaitToReadAsync())
            {
                using var transaction = _connection.BeginTransaction();
                insert.Transaction = transaction;
                group.Clear();
                while (group.Count < 256 && _waiting.Reader.TryRead(out var next))
                {
                    parameter.Value = next.Text;
                    insert.ExecuteNonQuery();
                    group.Add(next.Done);
                }
                transaction.Commit();
                foreach (var done in group)
                    done.SetResult();
            }
        }

        private void Execute(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
