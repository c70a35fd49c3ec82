using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;

namespace LlmGuard.Integration.Tests.Limits;

/// <summary>
/// A budget of 10,000 tokens in front of a model that says what it used: what is left after a call is what the model said, whoever asked for the
/// figures and however the call ended. Real clients over real sockets.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class TokenLimitTests
{
    private const long Budget = 10_000;
    private const long Used = 321;

    private RecordingUpstream _upstream = null!;
    private GuardedGateway _gateway = null!;
    private TaskCompletionSource _mayGoOn = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task StartAsync()
    {
        _mayGoOn = new TaskCompletionSource();
        _upstream = await RecordingUpstream.StartAsync(AnswerAsync);
        _gateway = await GuardedGateway.StartAsync(
            _upstream,
            Chat.Gateway($$"""
                { "name": "token_rate_limiter", "stage": ["pre_request", "post_response"],
                  "settings": { "by": "consumer", "missing": "share", "aggregate": { "max": {{Budget}}, "time_window": "24h" }, "max_tokens": 1000 } }
                """),
            [],
            builder => builder.Services.AddAiGuardrails().AddTokenRateLimiter());
    }

    [TearDown]
    public async Task StopAsync()
    {
        _mayGoOn.TrySetResult();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Whole_Answer_IsChargedWhatTheModelSays()
    {
        _mayGoOn.SetResult();
        var answer = await Client().CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: Token);
        Assert.That(answer.Value.Usage.TotalTokenCount, Is.EqualTo(Used));
        Assert.That(await LeftAsync(), Is.EqualTo(Budget - Used));
    }

    [Test]
    public async Task Stream_OfWhichNobodyAskedForUsage_IsChargedWhatTheModelSaysAndHidesIt()
    {
        _mayGoOn.SetResult();
        var raw = await RawHttp.SendAsync(_gateway.Url, "POST " + Chat.Path, Body("\"stream\":true,"), ["Content-Type: application/json"], Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_upstream.Requests[^1].Text, Does.Contain("\"include_usage\":true"));
            Assert.That(raw.Status, Is.EqualTo(200));
            Assert.That(raw.Body, Does.Contain("one ").And.Contain("[DONE]").And.Not.Contains("total_tokens"));
            Assert.That(await LeftAsync(), Is.EqualTo(Budget - Used));
        }
    }

    [Test]
    public async Task Stream_OfTheSdk_EndsNormallyAndIsCharged()
    {
        _mayGoOn.SetResult();
        var text = "";
        ChatFinishReason? finish = null;
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("hello")], cancellationToken: Token))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            finish = update.FinishReason ?? finish;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That((text, finish), Is.EqualTo(("one two", (ChatFinishReason?)ChatFinishReason.Stop)));
            Assert.That(await LeftAsync(), Is.EqualTo(Budget - Used));
        }
    }

    [Test]
    public async Task Stream_ThatTheClientLeaves_StaysChargedAsReserved()
    {
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var updates =
                Client().CompleteChatStreamingAsync([new UserChatMessage("hello")], cancellationToken: stop.Token).GetAsyncEnumerator(stop.Token);
            Assert.That(await updates.MoveNextAsync(), Is.True);
            await stop.CancelAsync();
            Assert.That(async () => await updates.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
        }

        // The model stands still: what it would have said is never known.
        var left = await LeftAsync();
        Assert.That(left, Is.InRange(Budget - 1_200, Budget - 1_000), "the limit of the answer and an estimate of the prompt");
    }

    [Test]
    public async Task Call_ThatTheModelRefuses_CostsNothing()
    {
        _mayGoOn.SetResult();
        var thrown = Assert.ThrowsAsync<ClientResultException>(async () => await Client()
            .CompleteChatAsync([new UserChatMessage("please fail")], cancellationToken: Token))!;
        Assert.That(thrown.Status, Is.EqualTo(500));
        Assert.That(await LeftAsync(), Is.EqualTo(Budget));
    }

    [Test]
    public async Task Calls_BeyondTheBudget_AreThe429OfTheSdkAndDoNotReachTheModel()
    {
        _mayGoOn.SetResult();
        var passed = 0;
        ClientResultException? refused = null;
        while (refused is null && passed < 100)
        {
            try
            {
                await Client().CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: Token);
                passed++;
            }
            catch (ClientResultException e)
            {
                refused = e;
            }
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused?.Status, Is.EqualTo(429));
            Assert.That(refused?.GetRawResponse()?.Headers.TryGetValue("Retry-After", out _), Is.True);
            Assert.That(
                passed, Is.InRange((int)((Budget - 1_200) / Used), (int)(Budget / Used)), "each reserves more than it uses, and gives it back");
            Assert.That(_upstream.Requests, Has.Count.EqualTo(passed));
        }
    }

    private static byte[] Body(string more) =>
        System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m",{{more}}"messages":[{"role":"user","content":"hello"}]}""");

    private OpenAI.Chat.ChatClient Client() => new(
        "m",
        new ApiKeyCredential("key"),
        new OpenAIClientOptions { Endpoint = new Uri(_gateway.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });

    /// <summary>What the headers of a call that is refused by the model, and so costs nothing, say is left beside its own reservation.</summary>
    private async Task<long> LeftAsync()
    {
        // The settlement of the call before runs after its last byte, and on a busy machine some time after: five times the same is settled.
        for (var (last, times) = (-1L, 0); ;)
        {
            var raw = await RawHttp.SendAsync(
                _gateway.Url, "POST " + Chat.Path,
                System.Text.Encoding.UTF8.GetBytes("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"please fail"}]}"""),
                ["Content-Type: application/json"], Token);
            var headers = raw.Head.Split("\r\n");
            var remaining = long.Parse(
                headers.First(h => h.Contains("Remaining-Tokens: ", StringComparison.OrdinalIgnoreCase))
                    .Split(": ")[1], CultureInfo.InvariantCulture);
            times = remaining == last ? times + 1 : 0;
            if (times == 5)
            {
                return remaining + Reserved;
            }

            last = remaining;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
        }
    }

    // One token of an answer, and the estimate of "please fail": half its bytes plus 64.
    private static long Reserved => 1 + 64 + ("please fail".Length + 1) / 2;

    private async Task AnswerAsync(HttpContext context, Received received)
    {
        using var request = JsonDocument.Parse(received.Body);
        if (received.Text.Contains("please fail", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 500;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"error":{"message":"no","type":"server_error","param":null,"code":null}}""");
            return;
        }

        // Nearly all of it is the answer, so that what a call reserves, once answers are known to be so long, is never less than what it uses: a call
        // whose settlement comes late on a busy machine then lets no further one in.
        var usage = $$"""{"prompt_tokens":21,"completion_tokens":300,"total_tokens":{{Used}}}""";
        if (!request.RootElement.TryGetProperty("stream", out var stream) || !stream.GetBoolean())
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Chat.Answer("one two").Replace(
                """{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}""", usage, StringComparison.Ordinal));
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await EventAsync(context, """[{"index":0,"delta":{"role":"assistant","content":"one "},"finish_reason":null}]""", "null");
        await _mayGoOn.Task;
        await EventAsync(context, """[{"index":0,"delta":{"content":"two"},"finish_reason":null}]""", "null");
        await EventAsync(context, """[{"index":0,"delta":{},"finish_reason":"stop"}]""", "null");
        if (request.RootElement.TryGetProperty("stream_options", out var options) && options.GetProperty("include_usage").GetBoolean())
        {
            await EventAsync(context, "[]", usage);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    private static async Task EventAsync(HttpContext context, string choices, string usage)
    {
        await context.Response.WriteAsync(
            $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":{{choices}},"usage":{{usage}}}""" + "\n\n");
        await context.Response.Body.FlushAsync();
    }
}
