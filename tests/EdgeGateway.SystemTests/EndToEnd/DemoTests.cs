using EdgeGateway.SystemTests.Fixtures;

namespace EdgeGateway.SystemTests.EndToEnd;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demonstration_tells_its_story_and_ends_well()
    {
        await using var demo = Child.Start(Checkout.Program, ["demo", "--for", "10s", "--stations", "2"]);
        var code = await demo.ExitAsync(Poll.Patience);
        Assert.True(code == 0, demo.Tail());
        Assert.Empty(demo.Errors);
        foreach (var said in new[] { "registered", "The hub goes away", "The hub is back", "Together", "Nothing lost, nothing doubled, nothing made up." })
            Assert.Contains(demo.Output, line => line.Contains(said, StringComparison.Ordinal));
        // Readable when piped: no escape sequences.
        Assert.DoesNotContain(demo.Output, line => line.Contains('\u001b', StringComparison.Ordinal));
    }
}
