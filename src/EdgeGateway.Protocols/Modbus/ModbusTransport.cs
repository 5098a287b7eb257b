using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeGateway.Protocols.Modbus;

public enum ModbusWire
{
    /// <summary>Modbus TCP.</summary>
    Tcp,

    /// <summary>RTU frames through a transparent serial server.</summary>
    RtuOverTcp,

    /// <summary>RTU frames on a serial line of this machine.</summary>
    Rtu,
}

public enum SerialParity
{
    None,
    Even,
    Odd,
}

/// <summary>Where a bus is, and how it is spoken to. One text, one bus: whoever names the same shares its line (one master, one connection a host).
/// <c>tcp://192.168.1.20:502</c>, <c>rtu+tcp://192.168.1.21:4196</c>, <c>rtu:///dev/serial/by-id/usb-…?baud=9600&amp;parity=N&amp;stop=1&amp;rs485=kernel</c>.</summary>
public sealed record ModbusTransport
{
    public const int UsualPort = 502;
    public const int UsualBaud = 9600;

    private static readonly int[] Bauds = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400];

    public required ModbusWire Wire { get; init; }

    /// <summary>Name or address; empty on a serial line.</summary>
    public string Host { get; init; } = "";
    public int Port { get; init; }

    /// <summary>Absolute path of the serial device; empty on the network.</summary>
    public string Device { get; init; } = "";
    public int Baud { get; init; } = UsualBaud;
    public SerialParity Parity { get; init; }
    public int StopBits { get; init; } = 1;

    /// <summary>The kernel is to switch the transmitter (TIOCSRS485): for adapters that do not do it themselves.</summary>
    public bool KernelRs485 { get; init; }

    /// <param name="fault">What is wrong with it, for the one who wrote it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ModbusTransport? transport, [NotNullWhen(false)] out string? fault)
    {
        (transport, fault) = (null, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            fault = "tcp://HOST:PORT, rtu+tcp://HOST:PORT or rtu:///dev/…?baud=9600&parity=N&stop=1";
        else if (url.Scheme is "tcp" or "rtu+tcp")
            transport = Network(url, out fault);
        else if (url.Scheme is "rtu")
            transport = Serial(url, out fault);
        else
            fault = $"{url.Scheme}:// is no Modbus transport; tcp://, rtu+tcp:// and rtu:// are";
        return transport is not null;
    }

    public override string ToString() => Wire switch
    {
        ModbusWire.Rtu => $"rtu://{Device}?baud={Baud}&parity={Parity.ToString()[0]}&stop={StopBits}{(KernelRs485 ? "&rs485=kernel" : "")}",
        ModbusWire.RtuOverTcp => $"rtu+tcp://{Authority}",
        _ => $"tcp://{Authority}",
    };

    private string Authority => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static ModbusTransport? Network(Uri url, out string? fault)
    {
        fault = url.Host.Length == 0 ? "a host is missing"
            : url.AbsolutePath is not ("" or "/") || url.Query.Length > 0 || url.UserInfo.Length > 0 ? "only a host and a port" : null;
        return fault is not null ? null : new()
        {
            Wire = url.Scheme == "tcp" ? ModbusWire.Tcp : ModbusWire.RtuOverTcp,
            Host = url.IdnHost.ToLowerInvariant().Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : UsualPort,
        };
    }

    private static ModbusTransport? Serial(Uri url, out string? fault)
    {
        fault = url.Host.Length > 0 || !url.AbsolutePath.StartsWith("/dev/", StringComparison.Ordinal) || url.AbsolutePath.Contains("..", StringComparison.Ordinal)
            ? "a device below /dev, with three slashes: rtu:///dev/serial/by-id/…"
            : null;
        var transport = new ModbusTransport { Wire = ModbusWire.Rtu, Device = Uri.UnescapeDataString(url.AbsolutePath) };
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (pair[..at], pair[(at + 1)..]) : (pair, "");
            var with = (key, value) switch
            {
                ("baud", _) when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var baud) && Bauds.Contains(baud) => transport with { Baud = baud },
                ("parity", "N" or "n") => transport with { Parity = SerialParity.None },
                ("parity", "E" or "e") => transport with { Parity = SerialParity.Even },
                ("parity", "O" or "o") => transport with { Parity = SerialParity.Odd },
                ("stop", "1") => transport with { StopBits = 1 },
                ("stop", "2") => transport with { StopBits = 2 },
                ("rs485", "kernel") => transport with { KernelRs485 = true },
                _ => null,
            };
            if (with is null)
                fault ??= $"{pair} is none of baud={string.Join('|', Bauds)}, parity=N|E|O, stop=1|2, rs485=kernel";
            transport = with ?? transport;
        }
        return fault is null ? transport : null;
    }
}
