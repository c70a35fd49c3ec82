using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Paths;

/// <summary>However a path is written: what reaches the upstream was guarded by the rule that names it, or was refused.</summary>
[TestFixture]
[CancelAfter(60_000)]
[Parallelizable]
public sealed class PathTableTests
{
    private const string Target = "/v1/chat/completions";

    /// <summary>The ways to write one path that some server somewhere takes for the same.</summary>
    private static readonly string[] Spellings =
    [
        Target,
        "/v1/chat/c%6fmpletions",
        "/%76%31/chat/completions",
        "/v1/chat/c%256fmpletions",
        "/v1/chat/c%25256fmpletions",
        "/V1/Chat/COMPLETIONS",
        "//v1/chat/completions",
        "/v1//chat/completions",
        "/v1/chat//completions",
        "/v1/./chat/completions",
        "/v1/x/../chat/completions",
        "/v1/chat/x/../completions",
        "/open/../v1/chat/completions",
        "/v1/%2e/chat/completions",
        "/v1/x/%2e%2e/chat/completions",
        "/open/%2e%2e/v1/chat/completions",
        "/open/..%2fv1/chat/completions",
        "/open/%252e%252e/v1/chat/completions",
        "/v1/chat/completions;v=1",
        "/v1;x/chat/completions",
        "/v1/chat;a=b;c/completions",
        "/v1/chat%3bx/completions",
        "/v1%2Fchat%2Fcompletions",
        "/v1/chat%2fcompletions",
        "/v1/chat%252fcompletions",
        "/v1\\chat\\completions",
        "/v1/chat%5ccompletions",
        "/v1/chat/completions/",
        "/v1/chat/completions//",
        "/v1/chat/completions/.",
        "/v1/chat/completions/x/..",
        "/v1/chat/completions?x=/open",
        "/v1/chat/completions%3f",
        "/v1/chat/completions%20",
        "/v1/chat/completions%00",
        "/v1/chat/completions.",
    ];

    [TestCaseSource(nameof(Spellings))]
    public async Task RuleOnTheRoute_PathWrittenThisWay_IsGuardedByItOrRefused(string target)
    {
        var plugin = new TagPlugin();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            $$"""
            { "rules": [
                { "path": "/v1/chat/completions", "methods": ["POST"], "plugin_chain": [ {{TagPlugin.Entry("chat")}} ] },
                { "path": "/open/*", "plugin_chain": [ ] }
            ] }
            """,
            [plugin]);

        var answer = await PostAsync(gateway, target);

        using (Assert.EnterMultipleScope())
        {
            if (answer.Status == 400)
            {
                Assert.That(upstream.Requests, Is.Empty);
            }
            else if (Names(target))
            {
                Assert.That(plugin.Judged.Select(static j => j.Tag), Is.EqualTo(new[] { "chat" }));
                Assert.That(upstream.Requests.Single().Text, Is.EqualTo(Chat.Request("[chat]")));
                Assert.That(upstream.Requests.Single().RawTarget, Is.EqualTo(target), "what was judged is what is sent");
            }
            else
            {
                Assert.That(upstream.Requests.Single().RawTarget, Is.EqualTo(target));
            }
        }
    }

    [TestCaseSource(nameof(Spellings))]
    public async Task GatewayEntriesOnly_PathWrittenThisWay_IsGuardedByThemOrRefused(string target)
    {
        var plugin = new TagPlugin();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GuardedGateway.StartAsync(upstream, Chat.Gateway(TagPlugin.Entry("gateway")), [plugin]);

        var answer = await PostAsync(gateway, target);

        using (Assert.EnterMultipleScope())
        {
            if (answer.Status == 400)
            {
                Assert.That(upstream.Requests, Is.Empty);
            }
            else
            {
                Assert.That(plugin.Judged.Select(static j => j.Tag), Is.EqualTo(new[] { "gateway" }));
                Assert.That(upstream.Requests.Single().Text, Is.EqualTo(Chat.Request("[gateway]")));
                Assert.That(upstream.Requests.Single().RawTarget, Is.EqualTo(target));
            }
        }
    }

    [TestCase("X-HTTP-Method-Override")]
    [TestCase("X-HTTP-Method")]
    [TestCase("X-Method-Override")]
    public async Task MethodOverride_OnARouteThatIsOnlyGuardedForTheOtherMethod_IsRefused(string header)
    {
        var plugin = new TagPlugin();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            $$"""{ "rules": [ { "path": "{{Target}}", "methods": ["POST"], "plugin_chain": [ {{TagPlugin.Entry("chat")}} ] } ] }""",
            [plugin]);

        var answer = await RawHttp.SendAsync(
            gateway.Url,
            "PUT " + Target,
            System.Text.Encoding.UTF8.GetBytes(Chat.Request("peach")),
            [$"{header}: POST", "Content-Type: application/json"],
            TestContext.CurrentContext.CancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task AbsoluteForm_IsGuardedLikeThePathInIt()
    {
        var plugin = new TagPlugin();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            $$"""{ "rules": [ { "path": "{{Target}}", "plugin_chain": [ {{TagPlugin.Entry("chat")}} ] } ] }""",
            [plugin]);

        var answer = await PostAsync(gateway, $"http://{gateway.Url.Authority}/v1/x/%2e%2e/chat/completions");

        if (answer.Status != 400)
        {
            Assert.That(upstream.Requests.Single().Text, Is.EqualTo(Chat.Request("[chat]")));
        }
        else
        {
            Assert.That(upstream.Requests, Is.Empty);
        }
    }

    /// <summary>Whether some reading of the path is the rule's; the others are names of their own.</summary>
    private static bool Names(string target) => !target.EndsWith("%3f", StringComparison.Ordinal)
        && !target.EndsWith("%20", StringComparison.Ordinal)
        && !target.EndsWith('.')
        && !target.Contains("%2525", StringComparison.Ordinal);

    private static Task<RawAnswer> PostAsync(GuardedGateway gateway, string target) => RawHttp.SendAsync(
        gateway.Url,
        "POST " + target,
        System.Text.Encoding.UTF8.GetBytes(Chat.Request("peach")),
        ["Content-Type: application/json"],
        TestContext.CurrentContext.CancellationToken);
}
