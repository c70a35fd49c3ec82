using System.Text;
using LlmGuard.Audit;
using LlmGuard.Http;
using LlmGuard.Integration.Tests.BadInput;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>
/// Every way a call can fail, with one marker in prompt, answer, header, query, pattern and secret. It may be in what is forwarded, and nowhere
/// else: no log at any level, no exception, no refusal, no audit record, no activity, no metric.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
[Parallelizable]
public sealed class MarkerTests
{
    private static readonly string[] Stages = ["pre_request", "post_request", "pre_response", "post_response"];

    private static readonly string[] Entries =
    [
        .. from deed in new[] { "throw", "hang", "unavailable", "unreadable", "edit", "block", "flag" }
           from stage in Stages
           from rest in new[] { "", ", \"mode\": \"monitor\"", ", \"on_error\": \"allow\"" }
           select $$"""{ "name": "leaky", "stage": "{{stage}}", "timeout_ms": 50, "settings": { "deed": "{{deed}}", "api_key": {"$secret": "Judge"} } {{rest}} }""",
        .. from stage in new[] { "pre_request", "pre_response", "post_response" }
           select $$"""{ "name": "data_masking", "stage": "{{stage}}", "settings": { "apply_all": true, "rules": [ { "type": "keyword", "pattern": "{{Marker.Text}}", "mask_with": "[M]" }, { "type": "regex", "pattern": "{{Marker.Text}}.*", "mask_with": "[R]" } ] } }""",
        .. from stage in new[] { "pre_request", "pre_response" }
           from action in new[] { "\"block\", \"message\": \"no\"", "\"mask\"", "\"flag\"" }
           select $$"""{ "name": "prompt_moderation", "stage": "{{stage}}", "settings": { "keywords": ["{{Marker.Text}}"], "actions": { "type": {{action}} } } }""",
        """{ "name": "request_size_limiter", "settings": { "allowed_payload_size": 10, "size_unit": "bytes" } }""",
        """{ "name": "request_size_limiter", "settings": { "allowed_payload_size": 1, "size_unit": "megabytes", "max_chars_per_request": 5 } }""",
    ];

    private static readonly string[] Answers =
    [
        Chat.Answer(Marker.Mail),
        Chat.Answer(Marker.Mail)[..^5],
        $"{{\"choices\":[],\"choices\":\"{Marker.Text}\"}}",
        $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{Marker.Mail}\"}}}}]}}\n\ndata: [DONE]\n\n",
        $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{Marker.Mail}\n\n",
        Marker.Mail,
    ];

    [TestCaseSource(nameof(Entries))]
    public async Task Incoming_EveryFailure_TheMarkerIsNowhere(string entry)
    {
        using var captured = new Captured();
        var answer = Chat.Answer(Marker.Mail);
        await using var upstream = await RecordingUpstream.StartAsync((context, received) => AnswerAsync(context, Volatile.Read(ref answer)));
        await using (var gateway = await GuardedGateway.StartAsync(upstream, Chat.Gateway(entry, level: $", \"limits\": {BadBody.Limits}"),
            [new LeakyPlugin()], captured.Into))
        {
            foreach (var body in new[] { Chat.Request(Marker.Mail), Chat.Request(Marker.Mail)[..^2], Chat.Request(Marker.Mail + "\\ud800"),
                Chat.Request(Marker.Mail + new string('x', 5000)) })
            {
                await PostAsync(gateway, upstream, body, captured);
            }

            foreach (var next in Answers)
            {
                Volatile.Write(ref answer, next);
                await PostAsync(gateway, upstream, Chat.Request("hello"), captured);
            }
        }

        captured.AssertClean();
    }

    [TestCaseSource(nameof(Entries))]
    public async Task HttpClient_EveryFailure_TheMarkerIsNowhere(string entry)
    {
        using var captured = new Captured();
        var answer = Chat.Answer(Marker.Mail);
        await using var upstream = await RecordingUpstream.StartAsync((context, _) => AnswerAsync(context, Volatile.Read(ref answer)));
        var services = new ServiceCollection();
        services.AddLogging();
        captured.AddTo(services);
        services.AddSingleton<IConfiguration>(Captured.Secrets());
        services.AddAiGuardrails(o => o.PolicyJson = Chat.Gateway(entry)).AddDataMasking().AddPromptModeration().AddRequestSizeLimiter()
            .AddPlugin<LeakyPlugin>();
        services.AddHttpClient("llm", client => client.BaseAddress = upstream.Url).AddAiGuardrails(static o => o.ThrowOnBlock = true);
        await using (var provider = services.BuildServiceProvider())
        {
            using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
            foreach (var (body, next) in Answers.Select(static a => (Chat.Request("hello"), a)).Append((Chat.Request(Marker.Mail), Answers[0]))
                .Append((Chat.Request(Marker.Mail)[..^2], Answers[0])))
            {
                Volatile.Write(ref answer, next);
                using var request = new HttpRequestMessage(HttpMethod.Post, Chat.Path) { Content = Chat.Json(body) };
                request.Headers.TryAddWithoutValidation("X-Note", Marker.Text);
                try
                {
                    using var response = await client.SendAsync(request, TestContext.CurrentContext.CancellationToken);
                    captured.Add($"{response.GetGuardrailDecision()}");
                }
                catch (GuardrailBlockedException blocked)
                {
                    captured.Add($"{blocked} {blocked.Refusal}");
                }
            }
        }

        captured.AssertClean();
    }

    [TestCaseSource(typeof(BadBody), nameof(BadBody.All))]
    public async Task Incoming_BadBody_TheMarkerIsNowhere(BadBody bad)
    {
        using var captured = new Captured();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using (var gateway = await GuardedGateway.StartAsync(
            upstream, Chat.Gateway(TagPlugin.Entry("g", block: Marker.Text), level: $", \"limits\": {BadBody.Limits}"), [new TagPlugin()],
                captured.Into))
        {
            var body = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bad.Body).Replace("peach", Marker.Text, StringComparison.Ordinal));
            string[] headers = bad.ContentType.Length == 0 ? [] : ["Content-Type: " + bad.ContentType];

            var answer = await RawHttp.SendAsync(gateway.Url, "POST " + Chat.Path, body, headers, TestContext.CurrentContext.CancellationToken);

            captured.Add(answer.Head + answer.Body);
        }

        captured.AssertClean();
    }

    [TestCase("""{ "name": "data_masking", "settings": { "rules": [ { "type": "regex", "pattern": "(Qx7marker9Zk", "mask_with": "x" } ] } }""")]
    [TestCase("""{ "name": "data_masking", "settings": { "similarity_threshold": "Qx7marker9Zk" } }""")]
    [TestCase("""{ "name": "prompt_moderation", "settings": { "regex": ["(Qx7marker9Zk"], "actions": { "type": "block" } } }""")]
    [TestCase("""{ "name": "request_size_limiter", "settings": { "allowed_payload_size": "Qx7marker9Zk" } }""")]
    [TestCase("""{ "name": "leaky", "settings": { "deed": {"$secret": "Judge"} } }""")]
    [TestCase("""{ "name": "leaky", "settings": { "deed": 1, "api_key": {"$secret": "Judge"} } }""")]
    [TestCase("""{ "name": "leaky", "settings": { "deed": "x", "api_key": "Qx7marker9Zk" }, "priority": "x" }""")]
    public void Start_PolicyRefused_TheMarkerIsNowhere(string entry)
    {
        using var captured = new Captured();
        var services = new ServiceCollection();
        services.AddLogging();
        captured.AddTo(services);
        services.AddSingleton<IConfiguration>(Captured.Secrets());
        services.AddAiGuardrails(o => o.PolicyJson = Chat.Gateway(entry)).AddDataMasking().AddPromptModeration().AddRequestSizeLimiter()
            .AddPlugin<LeakyPlugin>();
        using var provider = services.BuildServiceProvider();

        var thrown = Assert.Catch(() => provider.GetRequiredService<IAiGuardrails>().Begin(new GuardedCallOptions()));

        captured.Add(thrown!.ToString());
        captured.AssertClean();
    }

    /// <summary>The counter-proof: where quoting content was asked for it is found, so the other tests look in the right places.</summary>
    [Test]
    public async Task Incoming_ContentLogsAskedFor_TheMarkerIsFound()
    {
        using var captured = new Captured();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using (var gateway = await GuardedGateway.StartAsync(
            upstream, Chat.Gateway(TagPlugin.Entry("g")), [new TagPlugin()], captured.Into, options: static o => o.LogContentAtTrace = true))
        {
            await PostAsync(gateway, upstream, Chat.Request(Marker.Mail), captured);
        }

        captured.AssertFound();
    }

    private static async Task PostAsync(GuardedGateway gateway, RecordingUpstream upstream, string body, Captured captured)
    {
        var sent = upstream.Requests.Count;
        var answer = await RawHttp.SendAsync(
            gateway.Url,
            $"POST {Chat.Path}?note={Marker.Text}",
            Encoding.UTF8.GetBytes(body),
            ["Content-Type: application/json", "X-Note: " + Marker.Text, "Authorization: Bearer " + Marker.Text],
            TestContext.CurrentContext.CancellationToken);
        if (answer.Status >= 400 || upstream.Requests.Count == sent)
        {
            captured.Add(answer.Head + answer.Body);
        }
    }

    private static Task AnswerAsync(HttpContext context, string answer)
    {
        context.Response.ContentType = answer[0] switch { '{' => "application/json", 'd' => "text/event-stream", _ => "application/json" };
        return context.Response.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>Everything that was written anywhere but in forwarded content.</summary>
    private sealed class Captured : IDisposable
    {
        private readonly CapturedLogs _logs = new();
        private readonly CapturedTelemetry _telemetry = new();
        private readonly CapturedAudit _audit = new();
        private readonly List<string> _shown = [];

        public static IConfigurationRoot Secrets() =>
            new ConfigurationBuilder().AddInMemoryCollection([new("AiGuardrails:Secrets:Judge", Marker.Text)]).Build();

        public void Into(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder)
        {
            builder.Configuration.AddConfiguration(Secrets());
            AddTo(builder.Services);
        }

        public void AddTo(IServiceCollection services)
        {
            services.AddSingleton<IGuardrailAuditSink>(_audit);
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        }

        public void Add(string shown) => _shown.Add(shown);

        public void AssertFound()
        {
            using (Assert.EnterMultipleScope())
            {
                Assert.That(_logs.Written.Where(Marker.IsIn), Is.Not.Empty);
                Assert.That(_telemetry.Written, Is.Not.Empty);
                Assert.That(_audit.Written, Is.Not.Empty);
            }
        }

        public void AssertClean()
        {
            // The web server's own log of request lines holds the query, as it does without guardrails.
            var written = _logs.Written.Where(static line => !line.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
                .Concat(_telemetry.Written).Concat(_audit.Written).Concat(_shown).ToList();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(written, Is.Not.Empty);
                Assert.That(written.Where(Marker.IsIn), Is.Empty);
            }
        }

        public void Dispose()
        {
            _telemetry.Dispose();
            _logs.Dispose();
        }
    }
}
