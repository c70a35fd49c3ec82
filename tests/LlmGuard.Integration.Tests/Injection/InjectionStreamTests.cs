using System.Text;
using System.Text.Json;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Plugins.InjectionProtection;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Injection;

/// <summary>
/// Answers that stream through the guardrail, which judges them as a whole: nothing leaves that no verdict covered, whatever pieces the model sends,
/// and what is let through is the model's text.
/// </summary>
[CancelAfter(60_000)]
public sealed class InjectionStreamTests
{
    private const string Canary = "zebra-crossing-4711-at-dawn";
    private const string Before =
        "The harbour is quiet at this hour, and the boats lie low in the water. A gull walks along the pier and looks for bread. ";
    private const string After = " and then the sun came up over the roofs of the town.";

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [TestCase("head", 1)]
    [TestCase("head", 7)]
    [TestCase("head", 400)]
    [TestCase("buffer", 1)]
    [TestCase("buffer", 7)]
    [TestCase("buffer", 400)]
    public async Task Stream_WithoutALeak_ArrivesWhole(string mode, int piece)
    {
        var (status, body) = await StreamAsync(mode, Before + After, piece);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200), body);
            Assert.That(Text(body), Is.EqualTo(Before + After));
            Assert.That(body, Does.Contain("\"finish_reason\":\"stop\"").And.EndWith("data: [DONE]\n\n"));
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(400)]
    public async Task Stream_LeakInTheHead_IsARefusalWithAStatusOfItsOwn(int piece)
    {
        var (status, body) = await StreamAsync("head", Canary + After, piece);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(403), body);
            Assert.That(body, Does.Contain("Potential security threat detected").And.Not.Contain("zebra").And.Not.Contain("data:"));
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(13)]
    public async Task Stream_LeakBehindTheHead_EndsBeforeItAsAFilterDoes(int piece)
    {
        // The model goes on only when the caller has the head.
        var (status, body) = await StreamAsync("head", Before + Canary + After, piece, Before.Length);
        var text = Text(body);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200), body);
            Assert.That(text, Is.Not.Empty, "the head was let through");

            // What stood before the canary may have left before it was known; of the canary itself nothing that tells it.
            Assert.That((Before + Canary + After).StartsWith(text, StringComparison.Ordinal), text);
            Assert.That(text, Does.Not.Contain(Canary).And.Not.Contain(After));
            Assert.That(body, Does.Contain("content_filter").And.EndWith("data: [DONE]\n\n"));
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(400)]
    public async Task Stream_Buffered_LeakAtTheEnd_NothingOfItLeaves(int piece)
    {
        var (_, body) = await StreamAsync("buffer", Before + Canary, piece);

        Assert.That(body, Does.Not.Contain("zebra").And.Not.Contain("harbour").And.Not.Contain("gull"));
    }

    private static async Task<(int Status, string Body)> StreamAsync(string mode, string text, int piece, int waitAt = int.MaxValue)
    {
        var hasHead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await RecordingUpstream.StartAsync((context, _) => AnswerAsync(context, text, piece, waitAt, hasHead.Task));
        var head = mode == "head" ? """, "head_chars": 40, "min_chars": 30""" : "";
        var policy = Chat.Gateway($$"""
            { "name": "injection_protection", "stage": "pre_response", "streaming": { "mode": "{{mode}}" {{head}} },
              "settings": { "predefined_injections": [ { "type": "system_prompt_leak" } ], "canaries": ["{{Canary}}"] } }
            """);
        await using var gateway = await GuardedGateway.StartAsync(upstream, policy, [new InjectionProtectionPlugin()]);
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat.Path)
        {
            Content = Chat.Json(Chat.Request("hello").Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal)),
        };

        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        hasHead.SetResult();
        return ((int)response.StatusCode, await Chat.BodyAsync(response, Token));
    }

    private static async Task AnswerAsync(HttpContext context, string text, int piece, int waitAt, Task hasHead)
    {
        context.Response.ContentType = "text/event-stream";
        for (var at = 0; at < text.Length; at += piece)
        {
            if (at + piece > waitAt)
            {
                await hasHead.WaitAsync(context.RequestAborted);
            }

            var delta = JsonSerializer.Serialize(new { content = text.Substring(at, Math.Min(piece, text.Length - at)) });
            await EventAsync(context, $$"""{"index":0,"delta":{{delta}},"finish_reason":null}""");
        }

        await EventAsync(context, """{"index":0,"delta":{},"finish_reason":"stop"}""");
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static async Task EventAsync(HttpContext context, string choice)
    {
        await context.Response.WriteAsync(
            $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{choice}}]}""" + "\n\n",
            context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Text(string stream)
    {
        var text = new StringBuilder();
        foreach (var line in stream.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var data = JsonDocument.Parse(line["data: ".Length..]);
            if (data.RootElement.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0
                && choices[0].GetProperty("delta").TryGetProperty("content", out var content))
            {
                text.Append(content.GetString());
            }
        }

        return text.ToString();
    }
}
