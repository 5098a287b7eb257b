using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeGateway.Certificates;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Cli;

/// <summary>The certificate verbs as a person meets them, in a process of their own.</summary>
public sealed class CertVerbTests
{
    [Fact]
    public async Task A_site_gets_its_authority_and_its_chargers_their_certificates()
    {
        using var folder = new SiteFolder();
        Assert.Contains("cert init", Assert.Single((await RunAsync(folder, "issue", "CP-1")).Error), StringComparison.Ordinal);
        var (exit, output, error) = await RunAsync(folder, "init", "--name", "gateway.local", "--name", "192.0.2.7");
        Assert.True(exit == 0, string.Join('\n', error));
        Assert.Contains(output, l => l.Contains("gateway.local, 192.0.2.7", StringComparison.Ordinal));
        // Chargers may trust it already.
        Assert.Contains("holds an authority already", Assert.Single((await RunAsync(folder, "init")).Error), StringComparison.Ordinal);

        // Nothing is issued whose key would be lost.
        Assert.Contains("There is no folder", Assert.Single((await RunAsync(folder, "issue", "CP-1", "--out", "nowhere")).Error), StringComparison.Ordinal);
        Assert.DoesNotContain((await RunAsync(folder, "list")).Output, l => l.Contains("CP-1", StringComparison.Ordinal));

        var to = Directory.CreateDirectory(Path.Combine(folder.Path, "out")).FullName;
        Assert.Equal(0, (await RunAsync(folder, "issue", "CP-1", "--out", to, "--days", "20")).Exit);
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(to, "CP-1.pem"), Path.Combine(to, "CP-1.key"));
        Assert.True(certificate.HasPrivateKey);
        Assert.Equal("CP-1", certificate.Station());

        using var root = X509Certificate2.CreateFromPem(string.Join('\n', (await RunAsync(folder, "root")).Output));
        Assert.Equal(root.Subject, certificate.Issuer);
        var list = JsonNode.Parse(string.Join('\n', (await RunAsync(folder, "list", "--json")).Output))!.AsArray();
        Assert.Equal(["ca good", "server good", "CP-1 ends soon"], list.Select(c => $"{c!["for"]} {c["state"]}"));
        Assert.Contains((await RunAsync(folder, "show", "server")).Output, l => l.Contains("192.0.2.7", StringComparison.Ordinal));

        Assert.Equal(0, (await RunAsync(folder, "renew")).Exit);
        Assert.Contains((await RunAsync(folder, "show", "server")).Output, l => l.Contains("192.0.2.7", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync(folder, "revoke", "CP-1")).Exit);
        Assert.Contains((await RunAsync(folder, "list")).Output, l => l.StartsWith("CP-1 ", StringComparison.Ordinal) && l.Contains("revoked", StringComparison.Ordinal));
        Assert.Equal(1, (await RunAsync(folder, "show", "nobody")).Exit);
        Assert.Equal(2, (await RunAsync(folder, "issue")).Exit);
        Assert.Equal(2, (await RunAsync(folder, "issue", "CP-1", "--days", "0")).Exit);
    }

    private static async Task<(int Exit, string[] Output, string[] Error)> RunAsync(SiteFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-gateway.dll"), "cert", .. arguments, "--config", folder.File])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, Lines(output), Lines(await error));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
