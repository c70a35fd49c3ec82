using System.Text;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.BadInput;

/// <summary>A request nobody can read must not be a way past the entries that do without its body, at either seam.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class UnreadBodyTests
{
    private const string Monitor = """{ "name": "watcher", "mode": "monitor" }""";
    private const string Limits = ", \"limits\": { \"max_body_bytes\": 4096 }";

    private static readonly string[] Unreadable =
    [
        """{"model":"m","model":"m","messages":[{"role":"user","content":"hi"}]}""",
        Chat.Request("hi") + "x",
        Chat.Request("\\ud800"),
        Chat.Request(new string('x', 5000)),
    ];

    [TestCaseSource(nameof(Unreadable))]
    public async Task Limiter_BesideAMonitorOfTheBody_RunsAll(string body)
    {
        var limiter = new NeedyPlugin("limiter", GuardrailNeeds.None, _ => true);

        foreach (var (status, sent) in await SendAsync(limiter, Chat.Gateway("""{ "name": "limiter" },""" + Monitor, level: Limits), body))
        {
            Assert.That((status, sent), Is.EqualTo((403, 0)));
        }
    }

    [TestCaseSource(nameof(Unreadable))]
    public async Task Reader_OfTheHeadBesideAMonitorOfTheBody_SeesTheHead(string body)
    {
        var reader = new NeedyPlugin("reader", GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery, static call =>
            call.Content.Any(static s => s.Text.Contains("peach")));

        foreach (var (status, sent) in await SendAsync(reader, Chat.Gateway("""{ "name": "reader" },""" + Monitor, level: Limits), body, "?q=peach"))
        {
            Assert.That((status, sent), Is.EqualTo((403, 0)));
        }
    }

    [TestCaseSource(nameof(Unreadable))]
    public async Task Monitor_OfTheBody_BesideALimiterThatAllows_LetsItPass(string body)
    {
        var limiter = new NeedyPlugin("limiter", GuardrailNeeds.None, _ => false);

        foreach (var (status, sent) in await SendAsync(limiter, Chat.Gateway("""{ "name": "limiter" },""" + Monitor, level: Limits), body))
        {
            Assert.That((status, sent), Is.EqualTo((200, body.Length)));
        }
    }

    [TestCaseSource(nameof(Unreadable))]
    public async Task Measurer_OfTheBodyAlone_RefusesWhatHasNoMeasure(string body)
    {
        var measurer = new NeedyPlugin("measurer", GuardrailNeeds.BodyMetrics, _ => false);

        foreach (var (status, sent) in await SendAsync(measurer, Chat.Gateway("""{ "name": "measurer" }""", level: Limits), body))
        {
            Assert.That((status, sent), Is.EqualTo((body.Length > 4096 ? 413 : 400, 0)));
        }
    }

    [Test]
    public async Task Reader_OfAQueryThatIsNoText_Refuses()
    {
        var reader = new NeedyPlugin("reader", GuardrailNeeds.PathAndQuery, static call => call.Content.Any(static s => s.Text.Contains("peach")));

        foreach (var (status, sent) in await SendAsync(reader, Chat.Gateway("""{ "name": "reader" }"""), Chat.Request("hi"), "?a=%ff&q=peach"))
        {
            Assert.That((status, sent), Is.EqualTo((400, 0)));
        }
    }

    // The headers are judged all the same: what could not be read was for the monitor alone.
    [Test]
    public async Task Monitor_OfAnAnswerNobodyCanRead_RefusesNothingBesideAReaderOfHeaders()
    {
        var reader = new NeedyPlugin("reader", GuardrailNeeds.Headers, static call => call.Content.Any(static s => s.Text.Contains("peach")));
        var policy =
            Chat.Gateway("""{ "name": "reader", "stage": "pre_response" }, { "name": "watcher", "mode": "monitor", "stage": "pre_response" }""");

        foreach (var (status, _) in await SendAsync(reader, policy, Chat.Request("hi"), answer: """{"choices":[],"choices":[]}"""))
        {
            Assert.That(status, Is.EqualTo(200), "what only a monitor reads changes nothing");
        }
    }

    /// <summary>Sends one request through either seam: the status of its answer, and how many bytes the model was sent.</summary>
    private static async Task<(int Status, int Sent)[]> SendAsync(NeedyPlugin plugin, string policy, string body, string query = "",
        string? answer = null)
    {
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(answer ?? Chat.Answer("fine")));
        IGuardrailPlugin[] plugins = [plugin, new NeedyPlugin("watcher", GuardrailNeeds.Content, _ => false)];
        await using var gateway = await GuardedGateway.StartAsync(upstream, policy, plugins);
        var incoming = await StatusAsync(gateway.Client, body, query);
        var before = upstream.Requests.Sum(static r => r.Body.Length);

        var services = new ServiceCollection().AddLogging();
        services.AddAiGuardrails(o => o.PolicyJson = policy);
        foreach (var one in plugins)
        {
            services.AddSingleton(one);
        }

        services.AddHttpClient("llm", client => client.BaseAddress = upstream.Url).AddAiGuardrails();
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        var outgoing = await StatusAsync(client, body, query);
        return [(incoming, before), (outgoing, upstream.Requests.Sum(static r => r.Body.Length) - before)];
    }

    private static async Task<int> StatusAsync(HttpClient client, string body, string query)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var answer =
            await client.PostAsync(new Uri(Chat.Path + query, UriKind.Relative), content, TestContext.CurrentContext.CancellationToken);
        return (int)answer.StatusCode;
    }

    /// <summary>Reads what a test says, and blocks when a test says so.</summary>
    private sealed class NeedyPlugin(string name, GuardrailNeeds needs, Func<GuardrailCall, bool> blocks) : IGuardrailPlugin, IGuardrailEvaluator
    {
        public GuardrailPluginMetadata Metadata { get; } = new(name)
        {
            Needs = needs,
            Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse],
            DefaultStages = [GuardrailStage.PreRequest],
        };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(blocks(call) ? GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = 403 }) : GuardrailVerdict.Allow);
    }
}
