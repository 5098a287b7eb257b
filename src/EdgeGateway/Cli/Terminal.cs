using System.Text;
using EdgeGateway.Configuration;
using Spectre.Console;

namespace EdgeGateway.Cli;

/// <summary>What a verb says: tables and lines on stdout, one line on stderr where something is wrong. Colour and frames only for a person's terminal.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isPiped, int width)
{
    /// <summary>Something is wrong, and was said.</summary>
    public const int Wrong = 1;

    /// <summary>Wrong usage.</summary>
    public const int WrongUsage = 2;

    /// <summary>Of a piped table: wide enough that nothing wraps.</summary>
    private const int PipedWidth = 400;

    private readonly IAnsiConsole _console = AnsiConsole.Create(new()
    {
        Ansi = isPiped ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = isPiped ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        Interactive = InteractionSupport.No,
        Out = new Sink(output, isPiped, isPiped ? PipedWidth : width),
    });

    /// <summary>For what is told live; the same words with and without colours.</summary>
    public IAnsiConsole Live => _console;

    public static Terminal OfProcess()
    {
        var piped = Console.IsOutputRedirected;
        return new(Console.Out, Console.Error, piped, piped ? PipedWidth : Math.Max(60, Console.WindowWidth));
    }

    public void Line(string text) => output.WriteLine(Clean(text));

    /// <summary>JSON and other text that is its own syntax.</summary>
    public void Raw(string text) => output.WriteLine(text);

    /// <summary>Something to know that stops nothing.</summary>
    public void Warn(string text) => error.WriteLine($"edge-gateway: note: {Clean(text)}");

    /// <returns>The exit code.</returns>
    public int Fail(string text)
    {
        error.WriteLine($"edge-gateway: {Clean(text)}");
        return Wrong;
    }

    /// <summary>All that is wrong with a file, one line each.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(ConfigurationRead read)
    {
        foreach (var fault in read.Findings.Faults.Concat(read.Findings.Unknown))
            error.WriteLine(Clean(fault.ToString()));
        if (read.Findings.Suppressed > 0)
            error.WriteLine($"and {read.Findings.Suppressed} more");
        return Fail($"{read.Source} has {Count(read.Findings.Faults.Count + read.Findings.Suppressed, "fault")}; nothing was changed.");
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows, string empty)
    {
        var cells = rows.Select(row => row.Select(static cell => Clean(cell ?? "")).ToArray()).ToList();
        if (cells.Count == 0)
        {
            Line(empty);
            return;
        }
        var table = new Table { Border = isPiped ? TableBorder.None : TableBorder.Simple, UseSafeBorder = true };
        var widths = isPiped ? null : TableFit.Into(width, columns, cells);
        foreach (var (i, column) in columns.Index())
        {
            // A title that ends in a unit stands over figures.
            var shown = new TableColumn(new Text(column)) { NoWrap = isPiped, Width = widths?[i] };
            if (widths is not null)
                shown.Padding = new(0, 0, 1, 0);
            table.AddColumn(column.EndsWith(')') || column is "No" or "Waiting" or "Refused" or "Attempts" ? shown.RightAligned() : shown);
        }
        foreach (var row in cells)
            table.AddRow(row.Select(static cell => new Text(cell)));
        _console.Write(table);
    }

    /// <summary>One message of a line: on a person's terminal in colours, and no longer than a row.</summary>
    public void Row(string time, string arrow, string style, string head, bool isBad, string rest, bool isWhole)
    {
        var text = Clean(rest);
        var room = width - time.Length - arrow.Length - head.Length - 4;
        if (!isPiped && !isWhole && text.Length > Math.Max(room, 20))
            text = string.Concat(text.AsSpan(0, Math.Max(room, 20) - 1), "…");
        var shown = Clean(head);
        if (isPiped)
            output.WriteLine(string.Join(' ', new[] { time, arrow, shown, text }.Where(static t => t.Length > 0)));
        else
            _console.MarkupLine($"[grey]{time}[/] [{style}]{arrow}[/] [{(isBad ? "red" : style)}]{Markup.Escape(shown)}[/]{(shown.Length > 0 ? " " : "")}{Markup.Escape(text)}");
    }

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => Count(bytes, "byte"),
        < 1048576 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} kB"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB"),
    };

    public static string Count(long number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";

    public static string Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'") ?? "";

    public static string KiloWattHours(long? wattHours) => wattHours is null ? "" : (wattHours.Value / 1000m).ToString("0.000");

    /// <summary>Texts of chargers and hubs reach a terminal here: no control character of theirs does.</summary>
    private static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0000', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(char.IsControl(c) ? '?' : c);
        return clean.ToString();
    }

    private sealed class Sink(TextWriter writer, bool isPiped, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer { get; } = writer;
        public bool IsTerminal { get; } = !isPiped;
        public int Width { get; } = width;
        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
            // What was handed in has its encoding.
        }
    }
}
