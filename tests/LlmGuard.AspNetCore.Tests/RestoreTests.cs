using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Reversible masks of a request are undone in the answer, over a real socket and with no entry that reads answers.</summary>
public class RestoreTests
{
    [Test]
    public async Task Answer_HeldOrStreamed_HasTheOriginal_AndTheEndpointNeverSawIt([Values(0, 1, 3, 9, 1000)] int streams)
    {
        var seen = "";
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("keeping", """["pre_request"]"""),
            [new KeepingPlugin()],
            a => a.MapPost("/v1/chat/completions", async (HttpContext c) =>
            {
                seen = (await JsonNode.ParseAsync(c.Request.Body))!["messages"]![0]!["content"]!.GetValue<string>();
                await AnswerAsync(c.Response, seen, streams);
            }));

        var (status, body) = await app.Client.PostAsync(
            "/v1/chat/completions",
            Replies.Json(
                $$"""{"model":"m","stream":{{(streams > 0 ? "true" : "false")}},"messages":[{"role":"user","content":"I am joe@example.com."}]}"""))
                .Read();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(streams > 0 ? Words(body) : JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"]!.GetValue<string>(),
                Is.EqualTo("I am joe@example.com."));
            Assert.That(seen, Does.Match(@"^I am \[EMAIL_[A-Z]{16}\]\.$"));
        }
    }

    [Test]
    public async Task Answer_ThatCannotBeRead_PassesSinceNoEntryJudgesIt()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("keeping", """["pre_request"]"""),
            [new KeepingPlugin()],
            static a => a.MapPost("/v1/chat/completions", static (HttpContext c) =>
            {
                c.Response.ContentType = "application/json";
                return c.Response.WriteAsync("{ not JSON");
            }));

        var (status, body) = await app.Client.PostAsync(
            "/v1/chat/completions", Replies.Json("""{"model":"m","messages":[{"role":"user","content":"I am joe@example.com."}]}""")).Read();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "{ not JSON")));
    }

    [Test]
    public async Task Answer_OfALaterTurnInTheSameNamedConversation_HasTheOriginal_OthersHaveNot()
    {
        var told = "";
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("keeping", """["pre_request"]""")[..^1]
                + """, "identity": { "trusted_headers": { "consumer": "X-User" } }, "consumers": [ { "name": "alice" }, { "name": "bob" } ] }""",
            [new KeepingPlugin()],
            a => a.MapPost("/v1/chat/completions", async (HttpContext c) =>
            {
                var seen = (await JsonNode.ParseAsync(c.Request.Body))!["messages"]![0]!["content"]!.GetValue<string>();
                told = told.Length == 0 ? seen : told;
                await AnswerAsync(c.Response, told, 0);
            }),
            static a => a.Use(static (context, next) =>
            {
                context.SetGuardrailConversation(context.Request.Headers["X-Conversation"].ToString());
                return next(context);
            }));

        var first = await AskAsync(app, "alice", "one", "I am joe@example.com");
        var later = await AskAsync(app, "alice", "one", "Who am I?");
        var elsewhere = await AskAsync(app, "alice", "two", "Who am I?");
        var somebody = await AskAsync(app, "bob", "one", "Who am I?");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told, Does.Match(@"^I am \[EMAIL_[A-Z]{16}\]$"));
            Assert.That((first, later), Is.EqualTo(("I am joe@example.com", "I am joe@example.com")));
            Assert.That((elsewhere, somebody), Is.EqualTo((told, told)));
        }
    }

    [Test]
    public async Task SetGuardrailConversation_AfterTheGuardrailsBegan_Throws()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("keeping", """["pre_request"]"""),
            [new KeepingPlugin()],
            static a => a.MapGet("/late", static (HttpContext c) =>
                Assert.Throws<InvalidOperationException>(() => c.SetGuardrailConversation("one"))!.Message));

        var (status, body) = await app.Client.GetAsync("/late").Read();

        Assert.That((status, body),
            Is.EqualTo((HttpStatusCode.OK,
            "SetGuardrailConversation has no effect after UseAiGuardrails has begun; call it in a middleware before.")));
    }

    private static async Task<string> AskAsync(GuardedApp app, string user, string conversation, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = Replies.Json($$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}"""),
            Headers = { { "X-User", user }, { "X-Conversation", conversation } },
        };
        var (_, body) = await app.Client.SendAsync(request).Read();
        return JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"]!.GetValue<string>();
    }

    private static async Task AnswerAsync(HttpResponse response, string words, int streams)
    {
        if (streams == 0)
        {
            response.ContentType = "application/json";
            await response.WriteAsync($$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":{{JsonSerializer.Serialize(words)}}},"finish_reason":"stop"}]}""");
            return;
        }

        response.ContentType = "text/event-stream";
        foreach (var piece in words.Chunk(streams))
        {
            await response.WriteAsync($"data: {Chunk(JsonSerializer.Serialize(new string(piece)), "null")}\n\n");
            await response.Body.FlushAsync();
        }

        await response.WriteAsync($"data: {Chunk("\"\"", "\"stop\"")}\n\ndata: [DONE]\n\n");
    }

    private static string Chunk(string content, string finish) =>
        $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":{{content}}},"finish_reason":{{finish}}}]}""";

    private static string Words(string stream) => string.Concat(stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(static e => e["data: ".Length..])
        .Where(static d => d != "[DONE]")
        .Select(static d => JsonNode.Parse(d)!["choices"]![0]!["delta"]!["content"]!.GetValue<string>()));
}
