using System.Diagnostics;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Hosting;

/// <summary>The last line of a test run is what decides whether a change lands: it must add up, and notice what fails.</summary>
public sealed class SumOfResultsTests
{
    [Fact]
    public async Task Runs_are_added_up_and_skips_are_named_with_their_reasons()
    {
        var (exit, lines) = await SumAsync(Run(total: 5, executed: 4, passed: 4, Result("A.b(x: &quot;1&quot;)", "NotExecuted", "<Message>no &lt;sqlite3&gt; here</Message>")), Run(3, 3, 3));
        Assert.Equal(0, exit);
        Assert.Equal(["""skipped A.b(x: "1"): no <sqlite3> here""", "7 passed, 0 failed, 1 skipped"], lines);
    }

    [Fact]
    public async Task One_failure_in_one_run_fails_the_whole_and_is_told()
    {
        var (exit, lines) = await SumAsync(Run(9, 9, 9), Run(2, 2, 1, Result("A.c", "Failed", "<Message>it broke\nExpected: 1</Message>")));
        Assert.NotEqual(0, exit);
        Assert.Equal(["FAILED  A.c", "        it broke", "        Expected: 1", "10 passed, 1 failed, 0 skipped"], lines);
    }

    [Fact]
    public async Task A_run_in_which_nothing_ran_is_no_success() => Assert.NotEqual(0, (await SumAsync(Run(0, 0, 0))).Exit);

    private static string Run(int total, int executed, int passed, string results = "") =>
        $"<TestRun><Results>\n{results}</Results>\n<ResultSummary>\n<Counters total=\"{total}\" executed=\"{executed}\" passed=\"{passed}\" failed=\"{executed - passed}\" />\n</ResultSummary></TestRun>\n";

    private static string Result(string test, string outcome, string message) =>
        $"<UnitTestResult testId=\"1\" testName=\"{test}\" outcome=\"{outcome}\">\n<Output>\n<ErrorInfo>\n{message}\n</ErrorInfo></Output>\n</UnitTestResult>\n";

    private static async Task<(int Exit, string[] Lines)> SumAsync(params string[] runs)
    {
        using var folder = new SiteFolder();
        var files = runs.Select((text, i) => (Path: Path.Combine(folder.Path, $"{i}.trx"), Text: text)).ToList();
        foreach (var file in files)
            await File.WriteAllTextAsync(file.Path, file.Text, TestContext.Current.CancellationToken);
        using var process = Process.Start(new ProcessStartInfo(
            "bash", [Path.Combine(SiteFolder.Checkout, "packaging", "sum-results"), .. files.Select(f => f.Path)]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
