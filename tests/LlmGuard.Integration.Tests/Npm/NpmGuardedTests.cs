using LlmGuard.Integration.Tests.Sdks;
using LlmGuard.Integration.Tests.Sdks.Model;

namespace LlmGuard.Integration.Tests.Npm;

/// <summary>
/// What applications see through the official clients from npm and Vercel's AI SDK in front of the gateway example: masked answers and tool calls,
/// answers blocked before their first byte or after some of them, limits and failures. No client waits for what never comes.
/// </summary>
[CancelAfter(300_000)]
[Parallelizable]
public sealed class NpmGuardedTests
{
    private static readonly GuardedNpmClient[] Clients =
    [
        new("openai-chat.mjs", "stop", "tool_calls", "content_filter", "PermissionDeniedError", "RateLimitError", "InternalServerError"),
        new("openai-responses.mjs", "completed", "completed", "incomplete content_filter", "PermissionDeniedError", "RateLimitError",
            "InternalServerError"),
        new("anthropic.mjs", "end_turn", "tool_use", "refusal", "PermissionDeniedError", "RateLimitError", "ServiceUnavailableError"),
        new("vercel-chat.mjs", "stop", "tool-calls", "content-filter", "APICallError", "APICallError", "APICallError"),
        new("vercel-responses.mjs", "stop", "tool-calls", "content-filter", "APICallError", "APICallError", "APICallError"),
    ];

    private static readonly GuardedNpmClient[] Embedders =
    [
        new("openai-embeddings.mjs", "", "", "", "PermissionDeniedError", "RateLimitError", "InternalServerError"),
        new("vercel-embeddings.mjs", "", "", "", "APICallError", "APICallError", "APICallError"),
    ];

    private ScriptedModel _model = null!;
    private GuardedModel _masks = null!;
    private GuardedModel _topics = null!;
    private GuardedModel _whole = null!;
    private GuardedModel _limited = null!;

    private static IEnumerable<TestCaseData> Each() => Named(Clients);

    private static IEnumerable<TestCaseData> EachEmbedder() => Named(Embedders);

    private static IEnumerable<TestCaseData> EachThatTriesAgain() => Named(Clients[..3]);

    private static IEnumerable<TestCaseData> Named(IEnumerable<GuardedNpmClient> clients) =>
        clients.Select(static client => new TestCaseData(client).SetArgDisplayNames(client.Script));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        await NpmWorkspace.EnsureAsync();
        _model = await ScriptedModel.StartAsync();
        _masks = await GuardedModel.StartAsync(isGateway: true, _model, GuardedModel.Masks);
        _topics = await GuardedModel.StartAsync(isGateway: true, _model, GuardedModel.Topics);
        _whole = await GuardedModel.StartAsync(isGateway: true, _model, GuardedModel.Whole);
        _limited = await GuardedModel.StartAsync(isGateway: true, _model, GuardedModel.Limited);
        await _limited.UseUpAsync(CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _limited.DisposeAsync();
        await _whole.DisposeAsync();
        await _masks.DisposeAsync();
        await _topics.DisposeAsync();
        await _model.DisposeAsync();
    }

    [TestCaseSource(nameof(Each))]
    public async Task TextAndToolCalls_WithPersonalData_AreMasked(GuardedNpmClient client)
    {
        var answers = await NodeScript.RunAsync(
            client.Script,
            Ask(_masks, Scene.Address, false, "My card is 4111 1111 1111 1111."),
            Ask(_masks, Scene.Address, true, "My card is 4111 1111 1111 1111."),
            Ask(_masks, Scene.AddressInTool, false),
            Ask(_masks, Scene.AddressInTool, true));

        using (Assert.EnterMultipleScope())
        {
            foreach (var answer in answers.Take(2))
            {
                Assert.That(Seen(answer), Is.EqualTo(new Heard("Understood. Write to [MASKED_EMAIL] today.", "", client.Ended)), answer.ToString());
            }

            foreach (var answer in answers.Skip(2))
            {
                Assert.That(Seen(answer), Is.EqualTo(new Heard("I will write. ", """{"to":"[MASKED_EMAIL]","body":"hi"}""", client.EndedInTool)),
                    answer.ToString());
            }

            Assert.That(_model.Upstream.Requests.Select(static r => r.Text), Has.None.Contains("4111"));
        }
    }

    [TestCaseSource(nameof(Each))]
    public async Task Answer_BlockedAtItsFirstWord_RaisesTheUsualException(GuardedNpmClient client)
    {
        var answers = await NodeScript.RunAsync(client.Script, Ask(_topics, Scene.TopicAtOnce, false), Ask(_topics, Scene.TopicAtOnce, true));

        AssertRaised(client, answers, [403, 403]);
    }

    [TestCaseSource(nameof(Each))]
    public async Task Answer_BlockedMidStream_EndsAsFiltered(GuardedNpmClient client)
    {
        var answers = await NodeScript.RunAsync(
            client.Script,
            Ask(_topics, Scene.Topic, true),
            Ask(_topics, Scene.TopicInTool, true),
            Ask(_whole, Scene.JudgedLate, true),
            Ask(_whole, Scene.Unjudged, true));

        Assert.That(answers.Select(Seen), Is.EqualTo(new[]
        {
            new Heard(Scene.Topic.First, "", client.EndedByFilter),
            new Heard(Scene.TopicInTool.First, "", client.EndedByFilter),
            new Heard(Scene.JudgedLate.First, "", client.EndedByFilter),
            new Heard(Scene.Unjudged.First, "", client.EndedByFilter),
        }));
    }

    [TestCaseSource(nameof(Each))]
    public async Task Call_Refused_RaisesTheUsualException(GuardedNpmClient client)
    {
        var answers = await NodeScript.RunAsync(
            client.Script,
            Ask(_topics, Scene.Address, false, "Tell me about project bluebird."),
            Ask(_topics, Scene.Address, true, "Tell me about project bluebird."),
            Ask(_topics, Scene.Topic, false),
            Ask(_topics, Scene.TopicInTool, false),
            Ask(_whole, Scene.JudgedAtOnce, false),
            Ask(_whole, Scene.JudgedAtOnce, true),
            Ask(_limited, Scene.Address, false),
            Ask(_limited, Scene.Address, true),
            Ask(_whole, Scene.Address, false, "I like a pear."),
            Ask(_whole, Scene.Address, true, "I like a pear."),
            Ask(_whole, Scene.Unjudged, false));

        AssertRaised(client, answers, [403, 403, 403, 403, 403, 403, 429, 429, 503, 503, 503]);
        Assert.That(answers.Take(4).Select(static a => a.Message), Has.All.Contain(GuardedModel.Topic));
        Assert.That(answers.Skip(4).Take(2).Select(static a => a.Message), Has.All.Contain(GuardedModel.Judged));
    }

    [TestCaseSource(nameof(EachThatTriesAgain))]
    public async Task Judge_ThatFails_RaisesTheUsualExceptionAtOnceInAClientThatMayTryAgain(GuardedNpmClient client)
    {
        var before = _whole.JudgedPrompts;

        var answers = await NodeScript.RunAsync(client.Script, Ask(_whole, Scene.Address, false, "I like a pear.") with { Retries = 2 });

        AssertRaised(client, answers, [503]);
        Assert.That(_whole.JudgedPrompts - before, Is.EqualTo(1), "the refusal says that trying again does not help");
    }

    [TestCaseSource(nameof(EachThatTriesAgain))]
    public async Task Call_BeyondAShortLimit_WaitsAsLongAsItIsToldAndSucceeds(GuardedNpmClient client)
    {
        await using var brief = await GuardedModel.StartAsync(isGateway: true, _model, GuardedModel.Brief);
        var before = _model.Upstream.Requests.Count;

        var answers = await NodeScript.RunAsync(
            client.Script,
            Ask(brief, Scene.Address, false) with { Retries = 5 },
            Ask(brief, Scene.Address, false) with { Retries = 5 },
            Ask(brief, Scene.Address, true) with { Retries = 5, GoOn = null });

        Assert.That(answers.Select(static a => a.Error), Has.All.Null, string.Join('\n', answers));
        Assert.That(_model.Upstream.Requests, Has.Count.EqualTo(before + 3), "what is refused does not reach the model");
    }

    [TestCaseSource(nameof(EachEmbedder))]
    public async Task Embeddings_AreMaskedOrRaiseTheUsualException(GuardedNpmClient client)
    {
        var answers = await NodeScript.RunAsync(
            client.Script,
            new NodeAsk(_masks.Url, "I am ann@example.com", false),
            new NodeAsk(_topics.Url, "all about project bluebird", false),
            new NodeAsk(_limited.Url, "anything", false),
            new NodeAsk(_whole.Url, "a pear", false));

        Assert.That((answers[0].Text, answers[0].Error), Is.EqualTo(("[1,2]", (string?)null)), answers[0].ToString());
        Assert.That(_model.Upstream.Requests[^1].Text, Does.Contain("I am [MASKED_EMAIL]").And.Not.Contain("ann@"));
        AssertRaised(client, [.. answers.Skip(1)], [403, 429, 503]);
    }

    private static void AssertRaised(GuardedNpmClient client, IReadOnlyList<NodeAnswer> answers, int[] statuses)
    {
        var expected = statuses.Select(status => (status switch { 403 => client.Blocked, 429 => client.Limited, _ => client.Failed }, (int?)status));
        Assert.That(answers.Select(static a => (a.Error, a.Status)), Is.EqualTo(expected), string.Join('\n', answers));
        Assert.That(answers.Select(static a => a.Message), Has.None.Contains("bluebird").And.None.Contains("pear").And.None.Contains("plum"));
    }

    // An empty object is what Anthropic's client makes of a call that has begun and has no arguments.
    private static Heard Seen(NodeAnswer answer) => answer.Error is { } error
        ? new Heard($"{error}: {answer.Message}", "", "")
        : new Heard(answer.Text ?? "", answer.Arguments is null or "{}" ? "" : answer.Arguments, answer.Finish ?? "");

    private NodeAsk Ask(GuardedModel guard, Scene scene, bool isStreaming, string prompt = "") =>
        new(guard.Url, $"{scene.Name}: {prompt}", isStreaming)
    {
        HasTool = scene.HasTool,
        GoOn = new Uri(_model.Upstream.Url, ScriptedModel.GoOnPath),
    };
}

/// <summary>A script that speaks through one client.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="Ended">How the client names an ordinary end.</param>
/// <param name="EndedInTool">How it names an end in a tool call.</param>
/// <param name="EndedByFilter">How it names an end that a filter made.</param>
/// <param name="Blocked">The exception that it raises for a 403.</param>
/// <param name="Limited">The exception that it raises for a 429.</param>
/// <param name="Failed">The exception that it raises for a 503.</param>
public sealed record GuardedNpmClient(string Script, string Ended, string EndedInTool, string EndedByFilter, string Blocked, string Limited,
    string Failed);
