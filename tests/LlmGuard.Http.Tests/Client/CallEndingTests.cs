using System.Net;
using static LlmGuard.Http.Tests.Client.ChatCalls;

namespace LlmGuard.Http.Tests.Client;

/// <summary>How guarded calls end: refused beside or before, given up, failed, read to their end.</summary>
[TestFixture]
public sealed class CallEndingTests
{
    private const string MaskBoth = """{ "name": "word", "stage": ["pre_request", "pre_response"], "settings": { "mask": "peach" } }""";
    private const string Block = """{ "name": "word", "settings": { "block": "plum" } }""";

    [Test]
    public async Task Send_PostRequestBlocks_DiscardsTheAnswer()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": "post_request", "settings": { "block": "plum" } }""",
            static _ => RecordingUpstream.Json(Answer("secret answer")));
        using var request = Post(Body("a plum"));

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(await TextAsync(response), Does.Not.Contain("secret answer"));
        }
    }

    [Test]
    public async Task Send_PostRequestOnRequestThatCreatesServerState_IsAwaitedBeforeTheUpstreamIsCalled()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": "post_request", "settings": { "block": "plum" } }""",
            static _ => RecordingUpstream.Json(Answer("x")));
        using var request = Post("""{"model":"m","store":true,"messages":[{"role":"user","content":"a plum"}]}""");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(guarded.Upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Send_UnreadableRequestUnderAPostRequestEntryOnly_IsRefusedAndNotSent()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": "post_request", "settings": { "block": "plum" } }""",
            static _ => RecordingUpstream.Json(Answer("x")));
        using var request = Post("""{"model":"m","messages":[{"role":"user","content":"a plum"}""");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(guarded.Upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Send_UpstreamFailsBesideABlockingPostRequest_IsTheRefusal()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": "post_request", "settings": { "block": "plum" } }""",
            static _ => throw new HttpRequestException("down"));
        using var request = Post(Body("a plum"));

        using var response = await guarded.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Send_BlockedStreamUnderDenyWithCompletion_IsAStreamedRefusal()
    {
        await using var guarded = new GuardedClient(Block, static _ => RecordingUpstream.Json("{}"), gateway: "\"deny_with\": \"completion\",");
        using var request = Post("""{"model":"m","stream":true,"messages":[{"role":"user","content":"a plum"}]}""");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
            Assert.That(await TextAsync(response), Does.Contain("content_filter").And.Contain("\"model\":\"m\"").And.EndWith("data: [DONE]\n\n"));
        }
    }

    [Test]
    public async Task Send_BlockedAndExceptionsWanted_EndsAsBlocked()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": ["pre_request", "post_response"], "settings": { "block": "plum" } }""",
            static _ => RecordingUpstream.Json("{}"),
            static o => o.ThrowOnBlock = true);
        using var request = Post(Body("a plum"));

        Assert.ThrowsAsync<GuardrailBlockedException>(() => guarded.Client.SendAsync(request));

        Assert.That(await guarded.Log.PostResponseAsync(), Is.True);
        Assert.That(guarded.Log.Notes, Does.Contain("PostResponse Blocked "));
    }

    [TestCase("completed")]
    [TestCase("disposed")]
    [TestCase("blocked")]
    [TestCase("failed")]
    public async Task Send_HoweverTheCallEnds_PostResponseRunsExactlyOnce(string how)
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": ["pre_request", "post_response"], "settings": { "block": "plum" } }""",
            _ => how == "failed" ? throw new HttpRequestException("down") : RecordingUpstream.Json(Answer("x")));
        using var request = Post(Body(how == "blocked" ? "plum" : "x"));

        var expected = await EndAsync();

        Assert.That(await guarded.Log.PostResponseAsync(), Is.True);
        Assert.That(guarded.Log.Notes.Where(static n => n.StartsWith("PostResponse", StringComparison.Ordinal)), Is.EqualTo(new[] { expected }));

        async Task<string> EndAsync()
        {
            if (how == "failed")
            {
                Assert.ThrowsAsync<HttpRequestException>(() => guarded.Client.SendAsync(request));
                return "PostResponse UpstreamFailed ";
            }

            var response = await guarded.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (how == "completed")
            {
                await TextAsync(response);
            }

            response.Dispose();
            return how switch { "completed" => "PostResponse Completed 3", "blocked" => "PostResponse Blocked ", _ => "PostResponse Aborted " };
        }
    }

    [Test]
    public async Task Send_CallerCancels_PropagatesAndIsNoRefusal()
    {
        using var cancelled = new CancellationTokenSource();
        await using var guarded = new GuardedClient(MaskBoth, _ =>
        {
            cancelled.Cancel();
            cancelled.Token.ThrowIfCancellationRequested();
            return RecordingUpstream.Json("{}");
        });
        using var request = Post(Body("x"));

        Assert.That(async () => await guarded.Client.SendAsync(request, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
