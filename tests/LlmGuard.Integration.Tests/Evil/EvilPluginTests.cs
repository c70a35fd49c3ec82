using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Evil;

/// <summary>A guardrail that misbehaves gets exactly the configured outcome and takes nobody with it.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class EvilPluginTests
{
    private static readonly TaskCompletionSource Never = new();

    private static readonly Dictionary<string, Func<GuardrailCall, CancellationToken, ValueTask<GuardrailVerdict>>> Deeds = new()
    {
        ["throws at once"] = static (_, _) => throw new InvalidOperationException("evil"),
        ["throws later"] = static async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("evil");
        },
        ["cancels itself"] = static (_, _) => throw new OperationCanceledException(),
        ["hangs past its deadline"] = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return GuardrailVerdict.Allow;
        },
        ["ignores its cancellation"] = static async (_, _) =>
        {
            await Never.Task;
            return GuardrailVerdict.Allow;
        },
        ["holds on to its thread"] = static (_, cancellation) =>
        {
            cancellation.WaitHandle.WaitOne();
            return ValueTask.FromResult(GuardrailVerdict.Allow);
        },
        ["says nothing"] = static (_, _) => ValueTask.FromResult<GuardrailVerdict>(null!),
        ["edits past the end"] = static (call, _) => Edit(0, 0, call.Content[0].Utf8.Length + 1),
        ["edits far away"] = static (_, _) => Edit(0, int.MaxValue - 1, 1),
        ["edits nothing"] = static (_, _) => Edit(0, 1, 0),
        ["edits a segment that is not there"] = static (_, _) => Edit(4711, 0, 1),
        ["edits segment minus one"] = static (_, _) => Edit(-1, 0, 1),
        ["cuts a code point"] = static (call, _) => Edit(LastText(call), 1, 1),
        ["changes the request where there is none"] = static (call, _) => ValueTask.FromResult(
            call.Stage == GuardrailStage.PreRequest
                ? GuardrailVerdict.Fail(FailureClass.Input, "evil reason")
                : GuardrailVerdict.Modify([new RequestChange.Model("other")])),
        ["finds what is not there"] = static (_, _) => ValueTask.FromResult(
            GuardrailVerdict.Block(null, new GuardrailFinding("r", "t", 4711, new TextSpan(5, 1_000_000)))),
    };

    // What ends only with its deadline. To all others a slow machine gives the time they need.
    private static readonly string[] Waiting = ["hangs past its deadline", "ignores its cancellation", "holds on to its thread"];

    private static IEnumerable<string> Names => Deeds.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task PreRequest_Enforced_IsRefusedAndTheSiblingAndTheHostGoOn(string deed)
    {
        var tag = new TagPlugin();
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await StartAsync(upstream, tag, deed, """ "stage": "pre_request", "parallel": true, "priority": 200 """);

        var (status, body) = await gateway.Client.PostAsync("/evil/chat", Chat.Request("é peach"), Token);
        var (healthy, _) = await gateway.Client.PostAsync(Chat.Path, Chat.Request("peach"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(403), body);
            Assert.That(body, Does.Contain(deed == "finds what is not there" ? "evil" : RefusalCodes.InputUninspectable).And.Not.Contain("peach"));
            Assert.That(healthy, Is.EqualTo(200));
            Assert.That(upstream.Requests.Single().Text, Is.EqualTo(Chat.Request("[sibling]")));
            Assert.That(tag.Judged, Has.Count.EqualTo(2), "the sibling judged both calls");
        }
    }

    [TestCaseSource(nameof(Names))]
    public async Task PreResponse_Enforced_NothingOfTheAnswerLeaves(string deed)
    {
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("é an answer")));
        await using var gateway = await StartAsync(upstream, new TagPlugin(), deed, """ "stage": "pre_response" """);

        var (status, body) = await gateway.Client.PostAsync("/evil/chat", Chat.Request("x"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(deed == "finds what is not there" ? 403 : 502), body);
            Assert.That(body, Does.Not.Contain("an answer"));
        }
    }

    [TestCaseSource(nameof(Names))]
    public async Task PostRequest_Enforced_TheAnswerIsReplaced(string deed)
    {
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("é an answer")));
        await using var gateway = await StartAsync(upstream, new TagPlugin(), deed, """ "stage": "post_request" """);

        var (status, body) = await gateway.Client.PostAsync("/evil/chat", Chat.Request("é x"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(403), body);
            Assert.That(body, Does.Not.Contain("an answer"));
        }
    }

    [TestCaseSource(nameof(Names))]
    public async Task EveryStage_Monitored_ChangesNothing(string deed)
    {
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("é an answer")));
        await using var gateway = await StartAsync(
            upstream, new TagPlugin(), deed, """ "stage": ["pre_request", "post_request", "pre_response"], "mode": "monitor" """);

        var (status, body) = await gateway.Client.PostAsync("/evil/chat", Chat.Request("é x"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(body, Is.EqualTo(Chat.Answer("é an answer")));
            Assert.That(upstream.Requests.Single().Text, Is.EqualTo(Chat.Request("é x")));
        }
    }

    [TestCaseSource(nameof(Names))]
    public async Task PostResponse_Enforced_TheCallerHasTheAnswerAndTheHostGoesOn(string deed)
    {
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("é an answer")));
        await using var gateway = await StartAsync(upstream, new TagPlugin(), deed, """ "stage": "post_response" """);

        for (var i = 0; i < 3; i++)
        {
            var (status, body) = await gateway.Client.PostAsync("/evil/chat", Chat.Request("é x"), Token);

            Assert.That((status, body), Is.EqualTo((200, Chat.Answer("é an answer"))));
        }
    }

    [Test]
    public async Task PreRequest_OverlappingEditsOfParallelSiblings_AreMergedIntoOneSpan()
    {
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            Chat.Gateway("""{ "name": "one", "parallel": true }, { "name": "two", "parallel": true }"""),
            [Masker("one", 2, 4), Masker("two", 4, 4)]);

        var (status, _) = await gateway.Client.PostAsync(Chat.Path, Chat.Request("0123456789"), Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200));
            Assert.That(upstream.Requests.Single().Text, Does.Match("\"content\":\"01[^0-9]*89\""), "one span, and nothing of it is left");
        }

        static ScriptedPlugin Masker(string name, int start, int length) => new(name, (call, _) =>
        {
            var content = call.Content.First(static s => s.Text.StartsWith('0'));
            return ValueTask.FromResult(
                GuardrailVerdict.Modify([new SegmentEdit(content.Index, new TextSpan(start, length), Replacement.Literal("#"))]));
        });
    }

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    private static int LastText(GuardrailCall call) => call.Content.First(static s => s.Text.StartsWith('é')).Index;

    private static ValueTask<GuardrailVerdict> Edit(int segment, int start, int length) =>
        ValueTask.FromResult(GuardrailVerdict.Modify([new SegmentEdit(segment, new TextSpan(start, length), Replacement.Literal("!"))]));

    private static Task<GuardedGateway> StartAsync(RecordingUpstream upstream, TagPlugin tag, string deed, string entry) => GuardedGateway.StartAsync(
        upstream,
        $$"""
        {
          "gateway": { "name": "G", "required_plugins": [ {{TagPlugin.Entry("sibling", ", \"parallel\": true")}} ] },
          "rules": [ { "path": "/evil/*", "plugin_chain": [ { "name": "evil", "timeout_ms": {{(Waiting.Contains(deed) ? 150 : 600_000)}}, {{entry}} } ] } ]
        }
        """,
        [tag, new ScriptedPlugin("evil", Deeds[deed])]);
}
