using System.Diagnostics;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hosting;

/// <summary>The unit's sandbox, judged offline (S12).</summary>
public sealed class UnitFileTests
{
    private const string Analyzer = "/usr/bin/systemd-analyze";

    [Fact]
    public async Task The_exposure_is_at_most_two()
    {
        var (exit, output) = await AnalyzeAsync("security", "--offline=true", "--threshold=20", Unit);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task An_open_unit_would_be_noticed()
    {
        using var folder = new SiteFolder();
        var open = Path.Combine(folder.Path, "open.service");
        File.WriteAllText(open, "[Service]\nExecStart=/bin/true\n");
        Assert.NotEqual(0, (await AnalyzeAsync("security", "--offline=true", "--threshold=20", open)).Exit);
    }

    [Fact]
    public async Task Systemd_understands_every_line()
    {
        using var folder = new SiteFolder();
        // The program itself is not installed where the tests run.
        var unit = Path.Combine(folder.Path, "edge-gateway.service");
        File.WriteAllText(unit, File.ReadAllText(Unit).Replace("/usr/bin/edge-gateway run", "/bin/true", StringComparison.Ordinal));
        var (exit, output) = await AnalyzeAsync("verify", "--man=no", unit);
        Assert.True(exit == 0 && !output.Contains("edge-gateway.service", StringComparison.Ordinal), output);
    }

    private static string Unit => Path.Combine(SiteFolder.Checkout, "gateway.service");

    private static async Task<(int Exit, string Output)> AnalyzeAsync(params string[] arguments)
    {
        if (!File.Exists(Analyzer))
            Assert.Skip("systemd-analyze is not installed here.");
        using var process = Process.Start(new ProcessStartInfo(Analyzer, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
