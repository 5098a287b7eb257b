using EdgeGateway.Hosting;

namespace EdgeGateway.Tests.Hosting;

public sealed class SystemdTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_arrive_at_a_path_and_in_the_abstract_namespace(bool isAbstract)
    {
        using var heard = new NotifySocket(isAbstract);
        using var systemd = new Systemd(heard.Path, null);
        systemd.Ready("all\nis well");
        Assert.Equal("READY=1\nSTATUS=all is well", await heard.NextAsync(_ => true));
        systemd.ExtendTimeout(TimeSpan.FromSeconds(3));
        Assert.Equal("EXTEND_TIMEOUT_USEC=3000000", await heard.NextAsync(_ => true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nowhere/socket")]
    public void Nobody_who_listens_is_no_trouble(string? path)
    {
        using var systemd = new Systemd(path, null);
        systemd.Ready("x");
        systemd.Alive();
    }
}
