using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGateway.Protocols.Ocpi;
using EdgeGateway.Protocols.Ocpi.Http;
using EdgeGateway.Protocols.Ocpi.V230;
using EdgeGateway.Tests.Conformance.Ocpi;
using EdgeGateway.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>The client against a real web server: what it sends, and what it makes of what comes back.</summary>
public sealed class OcpiClientTests
{
    private const string Good = """{"status_code":1000,"timestamp":"2026-03-01T12:00:00Z"}""";

    private static readonly OcpiFormat Format = OcpiJson.For(OcpiVersion.V221);

    private static readonly OcpiClientOptions Quick = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        CallTimeout = TimeSpan.FromSeconds(10),
        MaxAnswerBytes = 64 * 1024,
        MaxRequestBytes = 64 * 1024,
    };

    [Fact]
    public async Task A_put_carries_token_ids_routing_and_the_object_in_the_peers_version()
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(Good));
        using var http = OcpiClient.CreateHttp(Quick);
        var call = new OcpiCall { Routing = new OcpiRouting { From = new OcpiParty("DE", "ABC"), To = new OcpiParty("DE", "ENA") }, CorrelationId = "chain-1" };

        var reply = await Client(http).PutAsync(OcpiUrl.Join(hub.Url + "/locations/", "DE", "ABC", "a/b*c"), Instances.Location, call, Stopping);

        Assert.Equal((OcpiOutcome.Success, OcpiStage.Done, 200, 1000), (reply.Outcome, reply.Stage, reply.HttpStatus, reply.StatusCode));
        var asked = Assert.Single(hub.Requests);
        Assert.Equal(("PUT", "/locations/DE/ABC/a%2Fb%2Ac"), (asked.Method, asked.RawTarget));
        Assert.Equal("Token " + Convert.ToBase64String("s3cret"u8), asked.Header("Authorization"));
        Assert.Equal("application/json", asked.Header("Content-Type"));
        Assert.Equal("chain-1", asked.Header("X-Correlation-ID"));
        Assert.True(Guid.TryParse(asked.Header("X-Request-ID"), out _));
        Assert.Equal(("DE", "ENA", "DE", "ABC"), (asked.Header("OCPI-to-country-code"), asked.Header("OCPI-to-party-id"), asked.Header("OCPI-from-country-code"), asked.Header("OCPI-from-party-id")));
        Assert.Equal(Format.Write(Instances.Location), asked.Body);
    }

    [Fact]
    public async Task A_retry_is_a_new_request_in_the_same_chain_with_the_same_bytes()
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(Good, 201, ("Location", "/cdrs/1?x=1")));
        using var http = OcpiClient.CreateHttp(Quick);
        var frozen = "{ \"id\":\"1\",\t\"total_energy\": 1.50, \"remark\":\"ü\" }"u8.ToArray();
        var call = new OcpiCall { CorrelationId = "cdr-1" };

        var first = await Client(http).PostBytesAsync(hub.Url + "/cdrs", frozen, call, Stopping);
        await Client(http).PostBytesAsync(hub.Url + "/cdrs", frozen, call, Stopping);

        Assert.Equal(hub.Url + "/cdrs/1?x=1", first.Location);
        Assert.All(hub.Requests, asked => Assert.Equal(frozen, asked.Body));
        Assert.All(hub.Requests, asked => Assert.Equal("cdr-1", asked.Header("X-Correlation-ID")));
        Assert.Equal(2, hub.Requests.Select(asked => asked.Header("X-Request-ID")).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(200, Good, OcpiOutcome.Success, OcpiStage.Done)]
    [InlineData(200, """{"data":{"country_code":"DE"},"status_code":1000}""", OcpiOutcome.Success, OcpiStage.Done)]
    [InlineData(200, """{"status_code":2001,"status_message":"no such tariff"}""", OcpiOutcome.Refused, OcpiStage.StatusCode)]
    [InlineData(200, """{"status_code":3000}""", OcpiOutcome.Retryable, OcpiStage.StatusCode)]
    [InlineData(200, "<html>Welcome to the hotel's wireless network</html>", OcpiOutcome.Retryable, OcpiStage.Envelope)]
    [InlineData(200, """{"status_code":10""", OcpiOutcome.Retryable, OcpiStage.Envelope)]
    [InlineData(200, "", OcpiOutcome.Retryable, OcpiStage.Envelope)]
    [InlineData(404, "<h1>Not Found</h1>", OcpiOutcome.ModuleGone, OcpiStage.HttpStatus)]
    [InlineData(401, """{"status_code":2000}""", OcpiOutcome.Unauthorized, OcpiStage.HttpStatus)]
    [InlineData(503, "busy", OcpiOutcome.Retryable, OcpiStage.HttpStatus)]
    [InlineData(422, """{"status_code":2001,"status_message":"no such tariff"}""", OcpiOutcome.Refused, OcpiStage.HttpStatus)]
    public async Task What_the_hub_answers_decides_and_is_kept(int status, string body, OcpiOutcome outcome, OcpiStage stage)
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(body, status));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).PutAsync(hub.Url, Instances.Tariff, null, Stopping);
        Assert.Equal((outcome, stage, status, body), (reply.Outcome, reply.Stage, reply.HttpStatus, reply.RawAnswer));
        if (body.Contains("no such tariff", StringComparison.Ordinal))
            Assert.Equal(($"HTTP {status}, OCPI 2001: no such tariff", "no such tariff"), (reply.Reason, reply.StatusMessage));
    }

    [Theory]
    [InlineData(409, "conflict", true)]
    [InlineData(400, """{"status_code":2000,"status_message":"CDR with this id already exists"}""", true)]
    [InlineData(200, """{"status_code":2001,"status_message":"Duplicate CDR"}""", true)]
    [InlineData(200, """{"status_code":2001,"status_message":"unknown token"}""", false)]
    [InlineData(500, """{"status_code":3000,"status_message":"already exists"}""", false)]
    public async Task A_refusal_that_means_it_is_there_already_is_recognised(int status, string body, bool already)
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(body, status));
        using var http = OcpiClient.CreateHttp(Quick);
        Assert.Equal(already, (await Client(http).PostBytesAsync(hub.Url, "{}"u8.ToArray(), null, Stopping)).SaysAlreadyExists);
    }

    [Fact]
    public async Task The_hubs_wish_for_patience_is_read_in_both_forms_and_bounded()
    {
        var answer = "7";
        await using var hub = await LoopbackHttp.StartAsync(context => LoopbackHttp.Text("", 429, ("Retry-After", answer))(context));
        using var http = OcpiClient.CreateHttp(Quick);
        Assert.Equal(TimeSpan.FromSeconds(7), (await Client(http).DeleteAsync(hub.Url, null, Stopping)).RetryAfter);
        answer = "999999";
        Assert.Equal(OcpiReply.MaxRetryAfter, (await Client(http).DeleteAsync(hub.Url, null, Stopping)).RetryAfter);
        answer = DateTimeOffset.UtcNow.AddMinutes(5).ToString("r");
        Assert.InRange((await Client(http).DeleteAsync(hub.Url, null, Stopping)).RetryAfter!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        answer = "soon";
        Assert.Null((await Client(http).DeleteAsync(hub.Url, null, Stopping)).RetryAfter);
    }

    [Fact]
    public async Task Nobody_listening_is_a_connection_that_may_come()
    {
        using var http = OcpiClient.CreateHttp(Quick);
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var reply = await Client(http).PutAsync($"http://127.0.0.1:{port}/x", Instances.Tariff, null, Stopping);
        Assert.Equal((OcpiOutcome.Retryable, OcpiStage.Connect, null), (reply.Outcome, reply.Stage, reply.HttpStatus));
        var nameless = await Client(http).PutAsync("http://no-such-host.invalid/x", Instances.Tariff, null, Stopping);
        Assert.Equal((OcpiOutcome.Retryable, OcpiStage.Connect), (nameless.Outcome, nameless.Stage));
    }

    [Fact]
    public async Task Half_an_answer_may_have_been_stored_and_is_tried_again()
    {
        await using var hub = await LoopbackHttp.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("""{"status_code":1000,""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).PostBytesAsync(hub.Url, "{}"u8.ToArray(), null, Stopping);
        Assert.Equal((OcpiOutcome.Retryable, OcpiStage.Receive), (reply.Outcome, reply.Stage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hub_that_is_too_slow_is_a_timeout_whether_before_or_within_its_answer(bool begun)
    {
        var release = new TaskCompletionSource();
        await using var hub = await LoopbackHttp.StartAsync(async context =>
        {
            if (begun)
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
            }

            await release.Task;
        });
        using var http = OcpiClient.CreateHttp(Quick);
        var watch = Stopwatch.StartNew();
        var reply = await Client(http).GetAsync<Token>(hub.Url, new OcpiCall { Timeout = TimeSpan.FromMilliseconds(200) }, Stopping);
        release.SetResult();
        Assert.Equal((OcpiOutcome.Retryable, OcpiStage.Timeout), (reply.Outcome, reply.Stage));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Stopping_is_not_a_failure_of_the_hub()
    {
        var release = new TaskCompletionSource();
        await using var hub = await LoopbackHttp.StartAsync(_ => release.Task);
        using var http = OcpiClient.CreateHttp(Quick);
        using var stop = new CancellationTokenSource();
        var call = Client(http).GetAsync<Token>(hub.Url, null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        release.SetResult();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_larger_than_the_limit_is_not_read(bool announced)
    {
        await using var hub = await LoopbackHttp.StartAsync(async context =>
        {
            var page = new byte[200_000];
            if (announced)
                context.Response.ContentLength = page.Length;
            await context.Response.Body.WriteAsync(page);
        });
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).GetAsync<Token>(hub.Url, null, Stopping);
        Assert.Equal((OcpiOutcome.Retryable, OcpiStage.Receive), (reply.Outcome, reply.Stage));
        Assert.Contains("larger than", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_packet_that_unpacks_to_a_flood_is_not_read_either_and_an_honest_one_is()
    {
        var content = Encoding.UTF8.GetBytes(Good);
        await using var hub = await LoopbackHttp.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Optimal);
            await gzip.WriteAsync(content);
        });
        using var http = OcpiClient.CreateHttp(Quick);
        Assert.True((await Client(http).DeleteAsync(hub.Url, null, Stopping)).IsSuccess);
        Assert.Contains("gzip", hub.Requests[0].Header("Accept-Encoding"), StringComparison.Ordinal);
        content = new byte[10_000_000];
        Assert.Equal(OcpiStage.Receive, (await Client(http).DeleteAsync(hub.Url, null, Stopping)).Stage);
    }

    [Fact]
    public async Task A_body_of_ours_that_is_too_large_is_never_sent()
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(Good));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).PostBytesAsync(hub.Url, new byte[Quick.MaxRequestBytes + 1], null, Stopping);
        Assert.Equal((OcpiOutcome.Refused, OcpiStage.Prepare), (reply.Outcome, reply.Stage));
        Assert.Equal(OcpiStage.Prepare, (await Client(http).DeleteAsync("ftp://h/x", null, Stopping)).Stage);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_within_the_host_keeps_method_body_and_token(int status)
    {
        await using var hub = await LoopbackHttp.StartAsync(context =>
            context.Request.Path == "/old" ? LoopbackHttp.Text("", status, ("Location", "/new"))(context) : LoopbackHttp.Text(Good)(context));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).PutAsync(hub.Url + "/old", Instances.Tariff, null, Stopping);
        Assert.True(reply.IsSuccess, reply.Reason);
        Assert.Equal(["PUT /old", "PUT /new"], hub.Requests.Select(asked => $"{asked.Method} {asked.RawTarget}"));
        Assert.Equal(hub.Requests[0].Body, hub.Requests[1].Body);
        Assert.Equal(hub.Requests[0].Header("Authorization"), hub.Requests[1].Header("Authorization"));
    }

    [Theory]
    [InlineData(307, "http://localhost:{0}/new")]
    [InlineData(302, "/new")]
    [InlineData(307, "/old")]
    public async Task A_redirect_to_elsewhere_or_in_a_circle_is_not_followed(int status, string location)
    {
        await using var hub = await LoopbackHttp.StartAsync(context =>
            context.Request.Path == "/old"
                ? LoopbackHttp.Text("", status, ("Location", location.Replace("{0}", context.Connection.LocalPort.ToString(), StringComparison.Ordinal)))(context)
                : LoopbackHttp.Text(Good)(context));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).PutAsync(hub.Url + "/old", Instances.Tariff, null, Stopping);
        Assert.Equal((OcpiOutcome.Retryable, OcpiStage.Redirect), (reply.Outcome, reply.Stage));
        Assert.All(hub.Requests, asked => Assert.Equal("/old", asked.RawTarget));
        Assert.InRange(hub.Requests.Count, 1, Quick.MaxRedirects + 1);
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("[{0}]", true)]
    [InlineData("[{0},{0}]", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("{\"uid\":1}", false)]
    public async Task One_object_is_read_also_from_a_list_of_one(string data, bool read)
    {
        var token = Encoding.UTF8.GetString(Format.Write(Instances.Token));
        var body = $$"""{"data":{{data.Replace("{0}", token, StringComparison.Ordinal)}},"status_code":1000}""";
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(body));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).GetAsync<Token>(hub.Url, null, Stopping);
        Assert.Equal(read, reply.HasData);
        Assert.Equal(read, reply.Faults.Count == 0);
        Assert.Equal(read ? (OcpiOutcome.Success, OcpiStage.Done) : (OcpiOutcome.Retryable, OcpiStage.Data), (reply.Outcome, reply.Stage));
        if (read)
            Assert.Equal(Instances.Token, reply.Data);
    }

    [Fact]
    public async Task An_authorize_carries_the_location_and_brings_the_decision()
    {
        var answer = new AuthorizationInfo { Allowed = AllowedType.Allowed, Token = Instances.Token, AuthorizationReference = "ref-7" };
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(Encoding.UTF8.GetString(OcpiAnswer.Of(answer, Format).Body(Instances.Noon))));
        using var http = OcpiClient.CreateHttp(Quick);
        var url = OcpiUrl.WithQuery(OcpiUrl.Join(hub.Url + "/tokens", "04A2", "authorize"), ("type", "RFID"));
        var reply = await Client(http).PostForAsync<LocationReferences, AuthorizationInfo>(url, new LocationReferences { LocationId = "BER01", EvseUids = ["1"] }, null, Stopping);
        Assert.Equal((AllowedType.Allowed, "ref-7"), (reply.Data!.Allowed, reply.Data.AuthorizationReference));
        Assert.Equal("/tokens/04A2/authorize?type=RFID", hub.Requests[0].RawTarget);
        Assert.Equal("""{"location_id":"BER01","evse_uids":["1"]}""", Encoding.UTF8.GetString(hub.Requests[0].Body));
    }

    [Fact]
    public async Task A_result_without_an_answer_body_counts_as_delivered_only_where_that_is_enough()
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text("", 202));
        using var http = OcpiClient.CreateHttp(Quick);
        var result = new CommandResult { Result = CommandResultType.Accepted };
        Assert.True((await Client(http).PostAsync(hub.Url, result, new OcpiCall { EmptyAnswerIsSuccess = true }, Stopping)).IsSuccess);
        Assert.False((await Client(http).PostAsync(hub.Url, result, null, Stopping)).IsSuccess);
    }

    [Theory]
    [InlineData(TokenEncoding.Base64, TokenEncoding.Plain)]
    [InlineData(TokenEncoding.Plain, TokenEncoding.Base64)]
    [InlineData(TokenEncoding.Base64, TokenEncoding.Base64)]
    public async Task The_first_call_finds_the_form_of_the_token_that_the_hub_takes(TokenEncoding first, TokenEncoding taken)
    {
        var expected = OcpiToken.Header("s3cret", taken);
        await using var hub = await LoopbackHttp.StartAsync(context => context.Request.Headers.Authorization == expected
            ? LoopbackHttp.Text("""{"data":[{"version":"2.2.1","url":"https://h/2.2.1"}],"status_code":1000}""")(context)
            : LoopbackHttp.Text("""{"status_code":2000}""", 401)(context));
        using var http = OcpiClient.CreateHttp(Quick);
        var client = Client(http);
        var (reply, found) = await client.With(client.Access with { TokenEncoding = first }).GetListTryingTokenFormsAsync<VersionInfo>(hub.Url, null, Stopping);
        Assert.Equal("2.2.1", Assert.Single(reply.Data!).Version);
        Assert.Equal(taken, found.Access.TokenEncoding);
        Assert.Equal(first == taken ? 1 : 2, hub.Requests.Count);
    }

    [Fact]
    public async Task A_version_in_a_form_of_the_future_does_not_hide_the_others()
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(
            """{"data":[{"version":"2.2.1","url":"https://h/2.2.1"},{"version":{"major":4}}],"status_code":1000}"""));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).GetListAsync<VersionInfo>(hub.Url, null, Stopping);
        Assert.Equal("2.2.1", Assert.Single(reply.Data!).Version);
        Assert.Equal(["version", "url"], reply.Faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("""{"data":{"token":"t0ken-C","url":"x"},"status_code":3001}""")]
    [InlineData("""{"data":{"token" : "t0ken-C""")]
    public async Task The_token_that_a_registration_brings_is_not_kept_with_the_answer(string body)
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text(body));
        using var http = OcpiClient.CreateHttp(Quick);
        var reply = await Client(http).PostForAsync<Credentials, Credentials>(hub.Url, Instances.Credentials, null, Stopping);
        Assert.False(reply.IsSuccess);
        Assert.DoesNotContain("t0ken-C", reply.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"token\":\"…\"", reply.RawAnswer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_wrong_in_both_forms_is_tried_twice_and_no_more()
    {
        await using var hub = await LoopbackHttp.StartAsync(LoopbackHttp.Text("", 401));
        using var http = OcpiClient.CreateHttp(Quick);
        var (reply, client) = await Client(http).GetListTryingTokenFormsAsync<VersionInfo>(hub.Url, null, Stopping);
        Assert.Equal(OcpiOutcome.Unauthorized, reply.Outcome);
        Assert.Equal(TokenEncoding.Base64, client.Access.TokenEncoding);
        Assert.Equal(2, hub.Requests.Count);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static OcpiClient Client(HttpClient http) =>
        new(http, Quick, new OcpiAccess { Token = "s3cret", TokenEncoding = TokenEncoding.Base64, Format = Format }, TimeProvider.System);
}
