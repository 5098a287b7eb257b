using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeGateway.Protocols.Mqtt;
using EdgeGateway.Tests.Fixtures;

namespace EdgeGateway.Tests.Protocols.Mqtt;

/// <summary>Brokers that say no, hang, are old or are not there: each said in people's words, none of them the end.</summary>
public sealed class MqttRefusalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mqtt-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_wrong_login_is_said_and_tried_again_until_the_broker_knows_it()
    {
        using var broker = MosquittoBroker.Start(new() { Passwords = new Dictionary<string, string> { ["eye"] = "e", ["gateway"] = "right" } });
        await using var nobody = new MqttDesk(broker.Url);
        await using var desk = new MqttDesk(broker.Url, options => options with { Username = "gateway", Password = "wrong" });
        desk.Set("site/a", "x");
        await desk.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal("the broker refused the login (user gateway)", desk.Connection.Link.Why);
        await nobody.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal("the broker refused us: it wants a user", nobody.Connection.Link.Why);
        broker.ChangePassword("gateway", "wrong");
        await desk.SettledAsync();
        Assert.Equal("", desk.Connection.Link.Why);
        Assert.DoesNotContain(desk.Links, link => link.Why.Contains("wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_access_list_forbids_is_said_and_does_not_hold_up_the_rest()
    {
        using var broker = MosquittoBroker.Start(new()
        {
            Passwords = new Dictionary<string, string> { ["eye"] = "e", ["gateway"] = "g" },
            Access = "user eye\ntopic readwrite #\nuser gateway\ntopic readwrite site/#\n",
        });
        using var ear = broker.Listen();
        await using var desk = new MqttDesk(broker.Url, options => options with { Username = "gateway", Password = "g", RetryAtMost = TimeSpan.FromMinutes(1) });
        desk.Set("elsewhere/a", "x");
        desk.Tell("elsewhere/b", "x");
        desk.Set("site/a", "x");
        desk.Tell("site/b", "x");
        await desk.UntilAsync(link => link.Dropped == 1);
        await ear.WaitAsync(heard => heard.DistinctBy(m => m.Topic).Count() == 2);
        await desk.SettledAsync();
        Assert.StartsWith("the broker does not allow us to publish elsewhere/", desk.Links.Last(link => link.Why.Length > 0 && link.State == MqttState.Online).Why, StringComparison.Ordinal);
        desk.Set("elsewhere/a", "y");
        desk.Set("site/a", "y");
        await desk.SettledAsync();
        await ear.WaitAsync(_ => ear.States["site/a"] == "y");
        Assert.DoesNotContain(ear.Messages, m => m.Topic.StartsWith("elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_forbidden_goes_out_by_itself_when_it_is_allowed()
    {
        const string Before = "user eye\ntopic readwrite #\nuser gateway\ntopic read nothing\n";
        using var broker = MosquittoBroker.Start(new() { Passwords = new Dictionary<string, string> { ["eye"] = "e", ["gateway"] = "g" }, Access = Before });
        await using var desk = new MqttDesk(broker.Url, options => options with { Username = "gateway", Password = "g" });
        desk.Set("site/a", "x");
        await desk.UntilAsync(link => link is { State: MqttState.Online, Why: "the broker does not allow us to publish site/a" });
        broker.ChangeAccess(Before + "topic readwrite site/#\n");
        using var ear = broker.Listen("site/#");
        await ear.WaitAsync(_ => ear.States.GetValueOrDefault("site/a") == "x");
        await desk.UntilAsync(link => link is { State: MqttState.Online, Waiting: 0, Why: "" });
    }

    [Fact]
    public async Task A_certificate_of_a_known_authority_for_this_host_is_believed_and_nothing_else()
    {
        using var broker = MosquittoBroker.Start(new() { TlsNames = ["localhost"] });
        var stranger = new TlsFiles(_folder, "stranger", ["localhost"]);
        await using var good = new MqttDesk(broker.Url, options => options with { CaFile = broker.Authority!.CaFile });
        await using var wrong = new MqttDesk(broker.Url, options => options with { CaFile = stranger.CaFile });
        await using var system = new MqttDesk(broker.Url);
        await using var other = new MqttDesk(new($"mqtts://127.0.0.1:{broker.Port}"), options => options with { CaFile = broker.Authority!.CaFile });
        await using var empty = new MqttDesk(broker.Url, options => options with { CaFile = broker.Authority!.KeyFile });
        good.Set("site/a", "x");
        await good.SettledAsync();
        await wrong.UntilAsync(link => link.State == MqttState.Refused);
        Assert.StartsWith($"the broker's certificate is not trusted: not from {stranger.CaFile}", wrong.Connection.Link.Why, StringComparison.Ordinal);
        await system.UntilAsync(link => link.State == MqttState.Refused);
        Assert.StartsWith("the broker's certificate is not trusted: not from an authority of this system", system.Connection.Link.Why, StringComparison.Ordinal);
        await other.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal("the broker's certificate is not for 127.0.0.1", other.Connection.Link.Why);
        await empty.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal($"{broker.Authority!.KeyFile} holds no certificate", empty.Connection.Link.Why);
    }

    [Fact]
    public async Task A_certificate_out_of_its_dates_is_not_believed()
    {
        var files = new TlsFiles(_folder, "old", ["localhost"]);
        var (certificate, key) = files.Issue("expired", ["localhost"], validDays: 0);
        using var broker = MosquittoBroker.Start(new() { More = $"cafile {files.CaFile}\ncertfile {certificate}\nkeyfile {key}" });
        await using var desk = new MqttDesk(new($"mqtts://localhost:{broker.Port}"), options => options with { CaFile = files.CaFile });
        await desk.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Contains("out of its dates (is the clock right?)", desk.Connection.Link.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_is_shown_where_the_broker_wants_one()
    {
        using var broker = MosquittoBroker.Start(new() { TlsNames = ["localhost"], ClientCertificates = true });
        var authority = broker.Authority!;
        var (certificate, key) = authority.Issue("gateway");
        var (foreign, foreignKey) = new TlsFiles(_folder, "stranger", ["localhost"]).Issue("gateway");
        await using var with = new MqttDesk(broker.Url, options => options with { CaFile = authority.CaFile, CertificateFile = certificate, KeyFile = key });
        await using var without = new MqttDesk(broker.Url, options => options with { CaFile = authority.CaFile });
        await using var strange = new MqttDesk(broker.Url, options => options with { CaFile = authority.CaFile, CertificateFile = foreign, KeyFile = foreignKey });
        await using var mixed = new MqttDesk(broker.Url, options => options with { CaFile = authority.CaFile, CertificateFile = certificate, KeyFile = foreignKey });
        with.Set("site/a", "x");
        await with.SettledAsync();
        await without.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal("the broker wants a certificate of ours", without.Connection.Link.Why);
        await strange.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal($"the broker refused our certificate {foreign}", strange.Connection.Link.Why);
        await mixed.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal($"{certificate} and {foreignKey} are no certificate with its key", mixed.Connection.Link.Why);
    }

    [Fact]
    public async Task Without_the_authorities_file_nothing_goes_out_and_with_it_all_is_well()
    {
        using var broker = MosquittoBroker.Start(new() { TlsNames = ["localhost"] });
        using var watched = new BareBroker(Bearing.Mute);
        var file = Path.Combine(_folder, "ca.pem");
        await using var desk = new MqttDesk(broker.Url, options => options with { CaFile = file });
        await using var judged = new MqttDesk(new($"mqtts://127.0.0.1:{watched.Url.Port}"), options => options with { CaFile = file, Username = "gateway", Password = "secret" });
        judged.Set("site/a", "x");
        await desk.UntilAsync(link => link.State == MqttState.Refused);
        Assert.Equal($"the file {file} does not exist", desk.Connection.Link.Why);
        // It comes to the same listener's line when it is allowed to: the silence before was no accident.
        await judged.UntilAsync(link => link.State == MqttState.Refused);
        await Task.Delay(150);
        Assert.Equal((0, 0), (watched.Accepted, watched.Bytes));
        File.Copy(broker.Authority!.CaFile, file);
        await desk.OnlineAsync();
        await judged.UntilAsync(_ => watched.Accepted > 0);
    }

    [Theory]
    [InlineData("RefusesFive")]
    [InlineData("RefusesFiveAsThree")]
    [InlineData("HangsUpOnFive")]
    public async Task A_broker_that_refuses_version_5_is_spoken_to_in_3_1_1_from_then_on(string bearing)
    {
        using var broker = new BareBroker(Enum.Parse<Bearing>(bearing));
        using var relay = new CutLine(broker.Url.Port);
        await using var desk = new MqttDesk(relay.Url, options => options with { Will = new("site/status", "lost"u8.ToArray()) });
        desk.Connection.Subscribe("site/command/#", _ => { });
        desk.Set("site/a", "x");
        Assert.True(desk.Connection.Tell(new("site/b", "y"u8.ToArray()) { ResponseTopic = "z", Expiry = TimeSpan.FromMinutes(1) }));
        await desk.SettledAsync();
        Assert.Equal("3.1.1", desk.Connection.Link.Version);
        Assert.Equal([("site/a", "x"), ("site/b", "y")], broker.Published.Order());
        relay.Cut();
        await desk.UntilAsync(link => link is { State: MqttState.Online, Reconnects: 1, Waiting: 0 });
        Assert.Equal([5, 4, 4], broker.Connects.SkipWhile((level, i) => level == 5 && broker.Connects.ElementAt(i + 1) == 5));
    }

    [Fact]
    public async Task Mosquitto_is_content_with_3_1_1_too()
    {
        using var broker = MosquittoBroker.Start();
        // As after a refusal of version 5, which this mosquitto cannot be told to make.
        var pace = new MqttPace(new() { Broker = broker.Url, ClientId = "x" }, new ManualClock(), new Random(1));
        Assert.True(pace.Five);
        pace.After(new("x") { OtherVersion = true, SaidSo = true }, five: true, TimeSpan.Zero);
        Assert.False(pace.Five);
        using var ear = broker.Listen("site/#");
        await using var desk = new MqttDesk(broker.Url, options => options with { Will = new("site/will", "w"u8.ToArray()) }, pace: pace);
        var heard = new TaskCompletionSource<MqttMessage>();
        desk.Connection.Subscribe("site/in", heard.SetResult);
        desk.Set("site/a", "x");
        Assert.True(desk.Connection.Tell(new("site/b", "y"u8.ToArray()) { ResponseTopic = "z", CorrelationData = "c"u8.ToArray() }));
        await desk.SettledAsync();
        Assert.Equal("3.1.1", desk.Connection.Link.Version);
        broker.Publish("site/in", "1", "-D", "publish", "response-topic", "answers");
        Assert.Null((await heard.Task.WaitAsync(TimeSpan.FromSeconds(10))).ResponseTopic);
        await ear.WaitAsync(all => all.Count == 3);
    }

    [Fact]
    public async Task A_frozen_broker_is_given_up_and_gets_what_waited_when_it_thaws()
    {
        using var broker = MosquittoBroker.Start();
        using var ear = broker.Listen("site/#");
        await using var desk = new MqttDesk(broker.Url, options => options with { ConfirmWithin = TimeSpan.FromSeconds(0.2) });
        await desk.OnlineAsync();
        broker.Freeze();
        desk.Tell("site/b", "1");
        await desk.UntilAsync(link => link.State == MqttState.Offline);
        Assert.Equal("the broker has confirmed nothing for 0.2 s", desk.Links.Last(link => link.State == MqttState.Offline).Why);
        await desk.UntilAsync(link => link.Why.EndsWith("takes the connection but does not answer", StringComparison.Ordinal));
        desk.Tell("site/b", "2");
        broker.Thaw();
        await desk.SettledAsync();
        // At least once each: what was on its way into the frozen broker may come twice.
        await ear.WaitAsync(heard => heard.Select(m => m.Payload).Distinct().SequenceEqual(["1", "2"]));
    }

    [Fact]
    public async Task A_broker_that_confirms_nothing_loses_no_event()
    {
        using var broker = new BareBroker(Bearing.Deaf);
        await using var desk = new MqttDesk(broker.Url, options => options with { ConfirmWithin = TimeSpan.FromSeconds(0.1) });
        for (var i = 0; i < 40; i++)
            desk.Tell("site/b", $"{i:00}");
        await desk.UntilAsync(link => link.Reconnects >= 2);
        Assert.Equal((40, 0), (desk.Connection.Link.Waiting, desk.Connection.Link.Dropped));
        // Each line begins with the first again, and gets no more than the window.
        var first = broker.Published.Select(p => p.Payload).Take(2 * MqttLimits.Window).ToList();
        Assert.Equal([.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 20)], first.Select(payload => int.Parse(payload, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("ThrowsOut", "another client took our place: is the client id gateway used twice?")]
    [InlineData("HangsUpOnBad", "the broker hangs up on site/bad: does its access list forbid it?")]
    public async Task A_broker_that_ends_one_line_after_the_other_is_seen_through(string bearing, string why)
    {
        using var broker = new BareBroker(Enum.Parse<Bearing>(bearing));
        await using var desk = new MqttDesk(broker.Url, options => options with { ClientId = "gateway" });
        desk.Set("site/a", "x");
        desk.Set("site/bad", "x");
        desk.Set("site/c", "x");
        await desk.UntilAsync(_ => desk.Links.Any(link => link.Why == why));
        if (bearing == "HangsUpOnBad")
        {
            await desk.SettledAsync();
            Assert.Contains(("site/c", "x"), broker.Published);
            Assert.Contains(desk.Links, link => link.Why.Contains("is the client id gateway used twice, or a topic forbidden?", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Nobody_there_and_no_such_name_are_told_apart()
    {
        var port = MosquittoBroker.FreePort();
        await using var closed = new MqttDesk(new($"mqtt://127.0.0.1:{port}"));
        await using var nameless = new MqttDesk(new("mqtt://no-such-broker.invalid"));
        await closed.UntilAsync(link => link.State == MqttState.Offline);
        Assert.Equal($"nobody listens at 127.0.0.1:{port}", closed.Connection.Link.Why);
        await nameless.UntilAsync(link => link.State == MqttState.Offline);
        Assert.Equal("the name no-such-broker.invalid cannot be resolved", nameless.Connection.Link.Why);
    }

    [Fact]
    public async Task Without_the_library_all_else_works_and_says_so()
    {
        await using var desk = new MqttDesk(new("mqtt://127.0.0.1"), library: "libmosquitto.so.none");
        desk.Set("site/a", "x");
        desk.Tell("site/b", "x");
        await desk.UntilAsync(link => link.State == MqttState.Unavailable);
        Assert.Equal("libmosquitto.so.none is not installed: install libmosquitto1", desk.Connection.Link.Why);
        Assert.Equal(2, desk.Connection.Link.Waiting);
    }

    [Theory]
    [InlineData("silent host")]
    [InlineData("mute broker")]
    [InlineData("frozen broker")]
    [InlineData("not started")]
    [InlineData("away")]
    public async Task Disposing_takes_less_than_two_seconds_whatever_the_broker_does(string kind)
    {
        using var mute = new BareBroker(Bearing.Mute);
        using var full = new FullHouse();
        using var broker = kind == "frozen broker" ? MosquittoBroker.Start() : null;
        var url = kind switch
        {
            "silent host" => full.Url,
            "mute broker" => mute.Url,
            "frozen broker" => broker!.Url,
            _ => new($"mqtt://127.0.0.1:{MosquittoBroker.FreePort()}"),
        };
        var desk = new MqttDesk(url, options => options with { RetryAfter = TimeSpan.FromMinutes(1), RetryAtMost = TimeSpan.FromMinutes(1) }, start: kind != "not started");
        if (kind == "frozen broker")
        {
            await desk.OnlineAsync();
            broker!.Freeze();
        }
        else if (kind == "mute broker")
        {
            await desk.UntilAsync(_ => mute.Bytes > 0);
        }
        else if (kind == "away")
        {
            await desk.UntilAsync(link => link.State == MqttState.Offline);
        }
        desk.Set("site/a", "x");
        var watch = Stopwatch.StartNew();
        await desk.DisposeAsync();
        await desk.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
    }

    [Fact]
    public void Options_that_cannot_be_are_refused_in_words()
    {
        var good = new MqttOptions { Broker = new("mqtt://h"), ClientId = "g" };
        Assert.Null(good.Fault());
        Assert.Equal(1883, good.Port);
        Assert.Equal(8883, (good with { Broker = new("mqtts://h") }).Port);
        MqttOptions[] bad =
        [
            good with { Broker = new("http://h") }, good with { Broker = new("h", UriKind.Relative) }, good with { ClientId = "" }, good with { Password = "p" },
            good with { Broker = new("mqtts://h"), KeyFile = "k" }, good with { CaFile = "c" }, good with { KeepAlive = TimeSpan.FromSeconds(4) }, good with { EventLimit = 0 },
            good with { Will = new("a/#", default) }, good with { RetryAfter = TimeSpan.FromHours(1) },
        ];
        Assert.All(bad, options => Assert.NotNull(options.Fault()));
        Assert.Equal(bad.Length, bad.Select(options => options.Fault()).Distinct().Count() + 2);
        Assert.Throws<ArgumentException>(() => new MqttConnection(bad[0], TimeProvider.System));
    }

    /// <summary>A listener whose queue is full, so that the system leaves who comes next without an answer.</summary>
    private sealed class FullHouse : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _guests = [];

        public FullHouse()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            for (var i = 0; i < 2; i++)
            {
                var guest = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                try
                {
                    guest.Connect(_listener.LocalEndPoint!);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                }
                _guests.Add(guest);
            }
        }

        public Uri Url => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

        public void Dispose()
        {
            _guests.ForEach(guest => guest.Dispose());
            _listener.Dispose();
        }
    }
}
