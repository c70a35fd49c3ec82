using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using LlmGuard.Http.Tests.Streams;
using LlmGuard.Http.Tests.Streams.Endings;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Client;

/// <summary>What is traced of an answer that is judged while it arrives.</summary>
internal sealed class StreamActivityTests
{
    private const string Entries = """
        { "name": "word", "stage": "pre_response", "settings": { "mask": "peach" } },
        { "name": "judge", "stage": "pre_response", "priority": 900 }
        """;

    private readonly ConcurrentQueue<Activity> _ended = new();
    private ActivityListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _ended.Clear();
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "LlmGuard" or nameof(StreamActivityTests),
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void StopListening() => _listener.Dispose();

    [Test]
    public async Task Send_StreamedAnswer_IsOneActivityOfItsStageWithTheJudgesBelowIt()
    {
        await using var guarded = Guarded();
        using var source = new ActivitySource(nameof(StreamActivityTests));
        using var root = source.StartActivity("asking")!;
        using var response = await guarded.Client.SendAsync(Request(), HttpCompletionOption.ResponseHeadersRead);
        using var reading = source.StartActivity("reading")!;
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(text)), Is.EqualTo("a [X] here"));
        Assert.That(Activity.Current, Is.SameAs(reading), "reading an answer to its end changes nothing of what its reader traces");

        var stage = Stages(root, "pre_response").Single();
        var judges = _ended.Where(a => a.OperationName == "llmguard.evaluation" && a.TraceId == root.TraceId).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stage.ParentSpanId, Is.EqualTo(root.SpanId), "of the call, not of whoever reads");
            Assert.That(stage.GetTagItem("llmguard.action"), Is.EqualTo("modify"));
            Assert.That(stage.GetTagItem("llmguard.plugin"), Is.EqualTo("word"));
            Assert.That(stage.GetTagItem("llmguard.call.id"), Is.EqualTo(response.GetGuardrailDecision()!.Id));
            Assert.That(judges, Is.Not.Empty.And.All.Matches<Activity>(a => a.ParentSpanId == stage.SpanId));
        }
    }

    [Test]
    public async Task Send_StreamGivenUp_EndsItsActivity()
    {
        await using var guarded = Guarded();
        using var root = new Activity("test").Start();
        var response = await guarded.Client.SendAsync(Request(), HttpCompletionOption.ResponseHeadersRead);
        var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[10]);
        using var leaving = new Activity("leaving").Start();
        response.Dispose();
        Assert.That(Activity.Current, Is.SameAs(leaving));
        Assert.That(Stages(root, "pre_response").Single().GetTagItem("llmguard.action"), Is.Not.Null);
    }

    private static GuardedClient Guarded() => new(
        Entries,
        static _ => Answer(),
        configureServices: static builder => builder.Services.AddSingleton<IGuardrailPlugin>(new JudgePlugin(rewrites: false)));

    private IEnumerable<Activity> Stages(Activity root, string stage) => _ended.Where(a =>
        a.OperationName == "llmguard.stage" && a.TraceId == root.TraceId && a.GetTagItem("llmguard.stage") is string name && name == stage);

    private static HttpRequestMessage Request() => new(HttpMethod.Post, "/v1/chat/completions")
    {
        Content = new StringContent("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}"""),
    };

    private static HttpResponseMessage Answer() => new(HttpStatusCode.OK)
    {
        Content = new StringContent(
            """
            data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"a pea"}}]}

            data: {"id":"1","choices":[{"index":0,"delta":{"content":"ch here"}}]}

            data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            null,
            "text/event-stream"),
    };
}
