using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Requests whose body no entry reads are not collected: the upstream sees the first bytes before the caller has sent the last.</summary>
internal sealed class StreamedRequestTests
{
    private static IEnumerable<TestCaseData> Policies()
    {
        yield return Of("no entries", """{ "gateway": { "name": "G" }, "allow_empty": true }""");
        yield return Of("an entry that reads headers",
            """{ "gateway": { "name": "G", "required_plugins": [ { "name": "look", "stage": "pre_request", "sources": ["headers"] } ] } }""");
        yield return Of("an entry that reads path and query", """{ "gateway": { "name": "G", "required_plugins": [ { "name": "look", "stage": ["pre_request", "post_request"], "sources": ["path_and_query"] } ] } }""");
        yield return Of("entries that read the answer",
            """{ "gateway": { "name": "G", "required_plugins": [ { "name": "look", "stage": ["pre_response", "post_response"] } ] } }""");
        yield return Of("monitors of the answer", """{ "gateway": { "name": "G", "required_plugins": [ { "name": "look", "stage": ["pre_response", "post_response"], "mode": "monitor" } ] } }""");

        static TestCaseData Of(string name, string policy) => new TestCaseData(policy).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Policies))]
    public async Task Send_BodyThatNoEntryReads_ReachesTheUpstreamAsItIsWritten(string policy)
    {
        var upstream = new ReadingUpstream();
        await using var services = Services(policy, upstream);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "https://api.example.com/v1/chat/completions") { Content = new WaitingContent(upstream.HasSeen.Task) };
        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Received, Is.EqualTo(WaitingContent.First + WaitingContent.Last));
    }

    [Test]
    public async Task Send_BodyThatAnEntryReads_IsCollectedFirst()
    {
        var upstream = new ReadingUpstream();
        await using var services =
            Services("""{ "gateway": { "name": "G", "required_plugins": [ { "name": "look", "stage": "pre_request" } ] } }""", upstream);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        var goOn = new TaskCompletionSource();
        var content = new WaitingContent(goOn.Task);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/v1/chat/completions") { Content = content };
        var sending = client.SendAsync(request);
        await content.HasBegun.Task;

        Assert.That(upstream.HasSeen.Task.IsCompleted, Is.False);
        goOn.SetResult();
        using var response = await sending;
        Assert.That(upstream.Received, Is.EqualTo(WaitingContent.First + WaitingContent.Last));
    }

    private static ServiceProvider Services(string policy, HttpMessageHandler upstream)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IGuardrailPlugin>(new LookPlugin());
        services.AddAiGuardrails(o => o.PolicyJson = policy);
        services.AddHttpClient("llm").AddAiGuardrails().ConfigurePrimaryHttpMessageHandler(() => upstream);
        return services.BuildServiceProvider();
    }

    private sealed class LookPlugin : IGuardrailPlugin, IGuardrailEvaluator
    {
        public GuardrailPluginMetadata Metadata { get; } = new("look")
        {
            Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
            Needs = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery,
            RunsInline = true,
        };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GuardrailVerdict.Allow);
    }

    /// <summary>A body whose last part is only written once the upstream has seen the first.</summary>
    private sealed class WaitingContent : HttpContent
    {
        public const string First = """{"model":"m","messages":[{"role":"user",""";
        public const string Last = "\"content\":\"hi\"}]}";

        private readonly Task _goOn;

        public WaitingContent(Task goOn)
        {
            _goOn = goOn;
            Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        public TaskCompletionSource HasBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(First));
            await stream.FlushAsync();
            HasBegun.TrySetResult();
            await _goOn.WaitAsync(TimeSpan.FromMinutes(1));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Last));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Takes a body as it comes, as a connection does.</summary>
    private sealed class ReadingUpstream : HttpMessageHandler
    {
        public TaskCompletionSource HasSeen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Received { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(new Sink(this), cancellationToken);
            return RecordingUpstream.Json("""{"choices":[]}""");
        }

        private sealed class Sink(ReadingUpstream upstream) : MemoryStream
        {
            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                upstream.Received += Encoding.UTF8.GetString(buffer.Span);
                upstream.HasSeen.TrySetResult();
                return ValueTask.CompletedTask;
            }
        }
    }
}
