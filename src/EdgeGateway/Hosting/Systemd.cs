using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.Hosting;

/// <summary>sd_notify(3). Without a supervisor that listens, every call does nothing.</summary>
public sealed class Systemd : IDisposable
{
    private readonly Socket? _socket;

    /// <param name="notifySocket">A path, or <c>@name</c> for the abstract namespace; null: nobody listens.</param>
    /// <param name="watchdog">How long systemd waits for a sign of life; null: for ever.</param>
    public Systemd(string? notifySocket, TimeSpan? watchdog)
    {
        Watchdog = watchdog;
        if (string.IsNullOrEmpty(notifySocket))
            return;
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // A supervisor that does not read must not hold us up either.
            socket.Blocking = false;
            socket.Connect(new UnixDomainSocketEndPoint(notifySocket[0] == '@' ? $"\0{notifySocket[1..]}" : notifySocket));
            _socket = socket;
        }
        catch (SocketException)
        {
            // A supervisor that has gone is none: charging does not hang on it.
            socket.Dispose();
        }
    }

    /// <summary>Feed at less than half of this.</summary>
    public TimeSpan? Watchdog { get; }

    public static Systemd OfProcess() => new(
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && IsForUs()
            ? TimeSpan.FromMicroseconds(microseconds)
            : null);

    public void Ready(string status) => Send($"READY=1\nSTATUS={Line(status)}");

    public void Status(string status) => Send($"STATUS={Line(status)}");

    public void Alive() => Send("WATCHDOG=1");

    public void Stopping() => Send("STOPPING=1");

    /// <summary>While a long step at the start goes on (a migration).</summary>
    public void ExtendTimeout(TimeSpan by) => Send($"EXTEND_TIMEOUT_USEC={(long)by.TotalMicroseconds}");

    public void Dispose() => _socket?.Dispose();

    private static bool IsForUs() =>
        Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static string Line(string text) => text.ReplaceLineEndings(" ");

    private void Send(string message)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // As above.
        }
    }
}
