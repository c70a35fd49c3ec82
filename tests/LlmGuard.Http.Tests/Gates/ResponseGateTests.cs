using System.Net;
using System.Text;
using LlmGuard.Audit;
using LlmGuard.Http.Tests.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>Answers on their way back: what guardrails are told of them, and what becomes of those that cannot be read.</summary>
public sealed class ResponseGateTests
{
    private const string Path = "/v1/chat/completions";
    private const string Request = """{"model":"m","messages":[{"role":"user","content":"hello"}]}""";

    private const string Answer =
        """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";

    [Test]
    public async Task Answer_Judged_ItsStatusIsTold()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = Guard(
            """{ "name": "probe", "stage": "pre_response" }""", static _ => RecordingUpstream.Json("{}", HttpStatusCode.Created), probe);

        using var response = await SendAsync(guarded);

        Assert.That((response.StatusCode, probe.Notes.Single().UpstreamStatus), Is.EqualTo((HttpStatusCode.Created, 201)));
    }

    [TestCase(HttpStatusCode.NoContent, "POST")]
    [TestCase(HttpStatusCode.OK, "HEAD")]
    public async Task Answer_WithoutText_PassesThoseWhoReadText(HttpStatusCode status, string method)
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = Guard(
            """{ "name": "probe", "stage": "pre_response" }""",
            _ => new HttpResponseMessage(status) { Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } } },
            probe);

        using var response = await SendAsync(guarded, method);

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Answer_ThatNobodyReads_IsDeliveredAsItCame()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = Guard("""{ "name": "probe", "stage": "pre_request" }""", static _ => Json("{\"cut", "unheard-of"), probe);
        using var request = Post();
        request.Headers.Add("Accept-Encoding", "unheard-of");

        using var response = await guarded.Client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "unheard-of" }));
            Assert.That(guarded.Upstream.Requests.Single().Headers["Accept-Encoding"], Is.EqualTo("unheard-of"));
        });
        Assert.That(await TextAsync(response), Is.EqualTo("{\"cut"));
    }

    [Test]
    public async Task Answer_LongerThanTheLimit_IsABadGatewayAndNotTheCallersFault()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = Guard(
            """{ "name": "probe", "stage": "pre_response" }""",
            static _ => RecordingUpstream.Json($"\"{new string('x', 11 * 1024 * 1024)}\""),
            probe);

        using var response = await SendAsync(guarded);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    [Test]
    public async Task Answer_WithoutRoom_IsToBeAskedForAgain()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = new GuardedClient(
            """{ "name": "probe", "stage": "pre_response" }""",
            static _ => RecordingUpstream.Json($"\"{new string('x', 500_000)}\""),
            configureServices: builder =>
            {
                builder.Services.Configure<AiGuardrailsOptions>(static o => o.MaxHeldBytes = 100_000);
                builder.Services.AddSingleton<IGuardrailPlugin>(probe);
            });

        using var response = await SendAsync(guarded, "GET");

        Assert.That((response.StatusCode, response.Headers.RetryAfter is not null), Is.EqualTo((HttpStatusCode.ServiceUnavailable, true)));
    }

    [Test]
    public async Task Usage_NeededAfterwardsOnly_IsReadFromTheAnswer()
    {
        TokenUsage? usage = null;
        var probe = new GateProbe("probe", GuardrailNeeds.Usage, call =>
        {
            usage = call.Usage;
            return false;
        });
        await using var guarded = Guard("""{ "name": "probe", "stage": "post_response" }""", static _ => RecordingUpstream.Json(Answer), probe);

        using (var response = await SendAsync(guarded))
        {
            Assert.That(await TextAsync(response), Is.EqualTo(Answer));
        }

        await probe.NextAsync();
        Assert.That(usage?.Total, Is.EqualTo(3));
    }

    [TestCase("pre_response", FailureClass.Output)]
    [TestCase("pre_request", FailureClass.Input)]
    public async Task Part_ThatOnlyAMonitorReadsAndCannotBeRead_IsInItsRecord(string stage, FailureClass expected)
    {
        var audit = new RecordedAudit();
        var watch = new GateProbe("watch", GuardrailNeeds.Content);
        var judge = new GateProbe("judge", GuardrailNeeds.Content);
        await using var guarded = new GuardedClient(
            $$"""
            { "name": "watch", "mode": "monitor", "stage": "{{stage}}", "sources": ["{{(stage == "pre_request" ? "path_and_query" : "body")}}"] },
            { "name": "judge", "stage": "{{stage}}", "sources": ["{{(stage == "pre_request" ? "body" : "headers")}}"] }
            """,
            static _ => Json("{\"cut"),
            configureServices: builder =>
            {
                builder.Services.AddSingleton<IGuardrailAuditSink>(audit);
                builder.Services.AddSingleton<IGuardrailPlugin>(watch).AddSingleton<IGuardrailPlugin>(judge);
            });

        using (var response = await SendAsync(guarded, query: "?q=%ff"))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            await TextAsync(response);
        }

        Assert.That(await audit.MonitoredAsync(), Is.EqualTo(new[] { ("watch", (FailureClass?)expected) }));
        Assert.That((judge.Notes.Count, watch.Notes.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Request_LongerThanALimit_FailsOnceInTheRecords()
    {
        var audit = new RecordedAudit();
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = new GuardedClient(
            """{ "name": "probe", "mode": "monitor" }, { "name": "probe", "sources": ["headers"] }""",
            static _ => RecordingUpstream.Json("{}"),
            configureServices: builder =>
            {
                builder.Services.AddSingleton<IGuardrailAuditSink>(audit);
                builder.Services.AddSingleton<IGuardrailPlugin>(probe);
            });
        foreach (var body in new[] { new string('[', 65), "{\"cut" })
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var response = await guarded.Client.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        await audit.MonitoredAsync();
        await audit.MonitoredAsync();
        Assert.That(
            audit.Records.Where(static r => r.IsMonitor).GroupBy(static r => r.Id).Select(static call => call.Count()), Is.EqualTo(new[] { 1, 1 }));
    }

    [TestCase(true, true, true)]
    [TestCase(true, false, false)]
    [TestCase(false, false, true)]
    public async Task Usage_ThatAPolicyAskedFor_IsHiddenFromWhoDidNot(bool isStreaming, bool asks, bool isShown)
    {
        var body = isStreaming
            ? "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"fine\"}}]}\n\ndata: {\"id\":\"c\",\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\ndata: [DONE]\n\n"
            : Answer;
        await using var guarded = new GuardedClient(
            """{ "name": "asks" }""",
            _ => new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(body, Encoding.UTF8, isStreaming ? "text/event-stream" : "application/json"),
            },
            configureServices: static builder => builder.Services.AddSingleton<IGuardrailPlugin>(new AskingPlugin()));
        var options = asks ? "\"stream_options\":{\"include_usage\":true}," : "";
        using var request = Post("POST", "",
            $$"""{"model":"m",{{(isStreaming ? "\"stream\":true," : "")}}{{options}}"messages":[{"role":"user","content":"hello"}]}""");

        using var response = await guarded.Client.SendAsync(request);
        var text = await TextAsync(response);

        Assert.That(text, isShown ? Does.Contain("total_tokens") : Does.Not.Contain("total_tokens"));
        Assert.That(text, Does.Contain("fine"));
    }

    private static GuardedClient Guard(string entries, Func<HttpRequestMessage, HttpResponseMessage> answer, GateProbe probe) =>
        GateProbe.Guard(entries, answer, probe);

    private static async Task<HttpResponseMessage> SendAsync(GuardedClient guarded, string method = "POST", string query = "")
    {
        using var request = Post(method, query);
        return await guarded.Client.SendAsync(request);
    }

    private static HttpRequestMessage Post(string method = "POST", string query = "", string body = Request) =>
        new(new HttpMethod(method), Path + query)
        {
            Content = method == "POST" ? new StringContent(body, Encoding.UTF8, "application/json") : null,
        };

    private static HttpResponseMessage Json(string text, string? coding = null)
    {
        var response = RecordingUpstream.Json(text);
        if (coding is not null)
        {
            response.Content.Headers.ContentEncoding.Add(coding);
        }

        return response;
    }

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return await reader.ReadToEndAsync();
    }

    private sealed class AskingPlugin : IGuardrailPlugin, IGuardrailEvaluator
    {
        public GuardrailPluginMetadata Metadata { get; } = new("asks") { Rewrites = true, RunsInline = true };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GuardrailVerdict.Modify([new RequestChange.ReportUsage()]));
    }
}
