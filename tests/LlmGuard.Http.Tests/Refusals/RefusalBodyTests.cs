using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Tests.Refusals;

public sealed class RefusalBodyTests
{
    private const string Message = "Not \"this\" way.";

    [Test]
    public void Render_OpenAI_IsTheErrorItsSdksRaise()
    {
        var body = Render(Block(403), "openai.chat_completions");

        Assert.That(body.ContentType, Is.EqualTo("application/json"));
        AssertJson(body, """{"error":{"message":"Not \"this\" way.","type":"guardrail_blocked","param":null,"code":"data_masking"}}""");
    }

    [TestCase(400, "invalid_request_error")]
    [TestCase(403, "permission_error")]
    [TestCase(413, "request_too_large")]
    [TestCase(415, "invalid_request_error")]
    [TestCase(429, "rate_limit_error")]
    [TestCase(502, "api_error")]
    [TestCase(503, "overloaded_error")]
    public void Render_Anthropic_HasTheTypeOfTheStatus(int status, string type)
    {
        var body = Render(Block(status), "anthropic.messages");

        Assert.That(body.StatusCode, Is.EqualTo(status));
        AssertJson(body, $$"""
            {"type":"error","error":{"type":"{{type}}","message":"Not \"this\" way.","code":"data_masking"},"request_id":"abc"}
            """);
    }

    [TestCase(null)]
    [TestCase("unknown.dialect")]
    public void Render_NoErrorOfItsOwn_IsProblemJson(string? dialect)
    {
        var body = Render(Block(403), dialect);

        Assert.That(body.ContentType, Is.EqualTo("application/problem+json"));
        AssertJson(body, """
            {"type":"https://llmguard.dev/problems/blocked","title":"Blocked by a guardrail.","status":403,"detail":"Not \"this\" way.","code":"data_masking","id":"abc"}
            """);
    }

    [TestCase(RefusalCodes.InputUninspectable, 400, "input-uninspectable")]
    [TestCase(RefusalCodes.OutputUninspectable, 502, "output-uninspectable")]
    [TestCase(RefusalCodes.Unavailable, 503, "unavailable")]
    [TestCase(RefusalCodes.AmbiguousPath, 400, "ambiguous-path")]
    [TestCase(RefusalCodes.Unidentified, 401, "unidentified")]
    [TestCase("rate_limiter", 429, "rate-limited")]
    [TestCase("request_size_limiter", 413, "too-large")]
    public void Render_Problem_NamesTheKind(string code, int status, string name)
    {
        var refusal = new Refusal { StatusCode = status, Code = code, Message = Message };

        Assert.That(Parse(Render(refusal, null))["type"]!.GetValue<string>(), Is.EqualTo("https://llmguard.dev/problems/" + name));
    }

    [TestCase(400, true)]
    [TestCase(403, true)]
    [TestCase(408, true)]
    [TestCase(502, true)]
    [TestCase(503, true)]
    [TestCase(429, false)]
    [TestCase(429, false, 2)]
    [TestCase(503, false, 1)]
    public void Render_RefusalThatSaysWhenToRetry_AndA429_AloneMayBeRetried(int status, bool isFinal, int? after = null)
    {
        var refusal = Block(status) with { RetryAfter = after is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        var headers = Render(refusal, "openai.chat_completions").Headers;

        Assert.That(headers.Contains(new("x-should-retry", "false")), Is.EqualTo(isFinal));
    }

    [TestCase(1500, "2")]
    [TestCase(60000, "60")]
    [TestCase(0, "0")]
    public void Render_RetryAfter_IsInWholeSecondsRoundedUp(int milliseconds, string expected)
    {
        var body = Render(Block(429) with { RetryAfter = TimeSpan.FromMilliseconds(milliseconds) }, null);

        Assert.That(body.Headers, Does.Contain(new KeyValuePair<string, string>("Retry-After", expected)));
    }

    [Test]
    public void Render_CompletionOfOpenAI_IsAnAnswerThatRefuses()
    {
        var body = RefusalBody.Render(Call(Block(403), "gpt-x", false), "openai.chat_completions", true);

        Assert.That((body.StatusCode, body.ContentType), Is.EqualTo((200, "application/json")));
        AssertJson(body, """
            {"id":"chatcmpl-abc","object":"chat.completion","created":0,"model":"gpt-x","choices":[{"index":0,
            "message":{"role":"assistant","content":"Not \"this\" way.","refusal":"Not \"this\" way."},"logprobs":null,"finish_reason":"content_filter"}],
            "usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}
            """);
    }

    [Test]
    public void Render_CompletionOfAnthropic_IsAnAnswerThatRefuses()
    {
        var body = RefusalBody.Render(Call(Block(403), "claude-x", false), "anthropic.messages", true);

        AssertJson(body, """
            {"id":"msg_abc","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Not \"this\" way."}],
            "stop_reason":"refusal","stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}
            """);
    }

    [Test]
    public void Render_StreamOfOpenAI_EndsWithContentFilterAndDone()
    {
        var body = RefusalBody.Render(Call(Block(403), "", true), "openai.chat_completions", true);
        var events = Events(body);

        Assert.Multiple(() =>
        {
            Assert.That(body.ContentType, Is.EqualTo("text/event-stream"));
            Assert.That(events, Has.Count.EqualTo(3));
            Assert.That(events[0].Name, Is.Empty);
            Assert.That(JsonNode.Parse(events[0].Data)!["choices"]![0]!["delta"]!["content"]!.GetValue<string>(), Is.EqualTo(Message));
            Assert.That(JsonNode.Parse(events[1].Data)!["choices"]![0]!["finish_reason"]!.GetValue<string>(), Is.EqualTo("content_filter"));
            Assert.That(events[2].Data, Is.EqualTo("[DONE]"));
        });
    }

    [Test]
    public void Render_StreamOfAnthropic_HasEveryEventAndStopsByRefusal()
    {
        var events = Events(RefusalBody.Render(Call(Block(403), "claude-x", true), "anthropic.messages", true));

        Assert.Multiple(() =>
        {
            Assert.That(
                events.Select(e => e.Name),
                Is.EqualTo(new[] { "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
                    "message_stop" }));
            Assert.That(events.Select(e => JsonNode.Parse(e.Data)!["type"]!.GetValue<string>()), Is.EqualTo(events.Select(e => e.Name)));
            Assert.That(JsonNode.Parse(events[2].Data)!["delta"]!["text"]!.GetValue<string>(), Is.EqualTo(Message));
            Assert.That(JsonNode.Parse(events[4].Data)!["delta"]!["stop_reason"]!.GetValue<string>(), Is.EqualTo("refusal"));
        });
    }

    [Test]
    public void Render_FailureUnderCompletion_StaysAnError()
    {
        var failure = new Refusal { StatusCode = 503, Code = RefusalCodes.Unavailable, Message = Message };

        var body = RefusalBody.Render(Call(failure, "m", false), "openai.chat_completions", true);

        Assert.That(body.StatusCode, Is.EqualTo(503));
    }

    [Test]
    public void Render_CompletionOfADialectWithoutOne_IsItsError() =>
        Assert.That(RefusalBody.Render(Call(Block(403), "m", false), null, true).StatusCode, Is.EqualTo(403));

    private static Refusal Block(int status) => new() { StatusCode = status, Code = "data_masking", Message = Message, IsPolicyBlock = true };

    private static RefusedCall Call(Refusal refusal, string model, bool isStreaming) =>
        new() { Refusal = refusal, CallId = "abc", Model = model, IsStreaming = isStreaming };

    private static RefusalBody Render(Refusal refusal, string? dialect) => RefusalBody.Render(Call(refusal, "m", false), dialect, false);

    private static JsonNode Parse(RefusalBody body) => JsonNode.Parse(body.Body.Span)!;

    private static void AssertJson(RefusalBody body, string expected) =>
        Assert.That(Parse(body).ToJsonString(), Is.EqualTo(JsonNode.Parse(expected)!.ToJsonString()));

    private static List<(string Name, string Data)> Events(RefusalBody body) =>
        [.. Encoding.UTF8.GetString(body.Body.Span).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(text =>
        {
            var lines = text.Split('\n');
            return (lines.Length == 2 ? lines[0]["event: ".Length..] : "", lines[^1]["data: ".Length..]);
        })];
}
