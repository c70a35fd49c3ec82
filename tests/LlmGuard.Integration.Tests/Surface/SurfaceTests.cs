using System.Net;
using System.Text;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Surface;

/// <summary>What is read, row by row, where a rule names the route and where only the gateway's entries apply.</summary>
[TestFixture(true)]
[TestFixture(false)]
[CancelAfter(60_000)]
public sealed class SurfaceTests(bool isRule)
{
    private const GuardrailNeeds EverySource = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    private static readonly object?[][] Requests =
    [
        ["JSON elsewhere", "POST /v1/other", "application/json", """{"a":["peach",{"b":"x"}]}""", 200, """{"a":["[g]",{"b":"x"}]}"""],
        ["a blocked key elsewhere", "POST /v1/other", "application/json", """{"a":{"plum":1}}""", 403, null],
        ["a blocked number elsewhere", "POST /v1/other", "application/json", """{"a":4711}""", 403, null],
        ["broken JSON elsewhere", "POST /v1/other", "application/json", """{"a":"peach""", 400, null],
        ["JSON lines", "POST /v1/other", "application/x-ndjson", "{\"a\":\"peach\"}\n{\"a\":\"x\"}\n", 200, "{\"a\":\"[g]\"}\n{\"a\":\"x\"}\n"],
        ["JSON lines with a broken one", "POST /v1/other", "application/jsonl", "{\"a\":\"x\"}\n{\"a\":\"peach\n", 400, null],
        ["a batch", "POST /v1/other", "application/jsonl",
            """{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"messages":[{"role":"user","content":"peach"}]}}""", 200,
            """{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"messages":[{"role":"user","content":"[g]"}]}}"""],
        ["a form", "POST /v1/other", "application/x-www-form-urlencoded", "a=p%65ach&b=c+d", 200, "a=%5Bg%5D&b=c+d"],
        ["a blocked form", "POST /v1/other", "application/x-www-form-urlencoded", "a=pl%75m", 403, null],
        ["multipart", "POST /v1/other", "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\npeach\r\n--B--\r\n", 200,
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n[g]\r\n--B--\r\n"],
        ["multipart with JSON", "POST /v1/other", "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\"plum\"}\r\n--B--\r\n", 403, null],
        ["multipart without its end", "POST /v1/other", "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\npeach", 400, null],
        ["text", "POST /v1/other", "text/plain", "a peach", 200, "a [g]"],
        ["text of another charset", "POST /v1/other", "text/plain; charset=utf-16", "a peach", 415, null],
        ["a picture", "POST /v1/other", "image/png", "\u0089PNG\u0000", 200, "\u0089PNG\u0000"],
        ["a chat body on another path", "POST /v1/other", "text/plain", """{"model":"m","messages":[{"role":"user","content":"peach"}]}""", 200,
            """{"model":"m","messages":[{"role":"user","content":"[g]"}]}"""],
        ["another method", "PATCH /v1/other", "application/json", """{"a":"peach"}""", 200, """{"a":"[g]"}"""],
        ["a body of a GET", "GET /v1/other", "application/json", """{"a":"plum"}""", 403, null],
        ["gRPC", "POST /v1/other", "application/grpc", "\u0000\u0000\u0000\u0000\u0000", 403, null],
    ];

    private static readonly object?[][] Answers =
    [
        ["an answer", "POST", 200, "application/json", """{"a":"peach"}""", 200, """{"a":"[g]"}"""],
        ["an answer to a GET", "GET", 200, "application/json", """{"a":"peach"}""", 200, """{"a":"[g]"}"""],
        ["an answer to a DELETE", "DELETE", 200, "text/plain", "peach", 200, "[g]"],
        ["an error", "POST", 400, "application/json", """{"error":{"message":"peach"}}""", 400, """{"error":{"message":"[g]"}}"""],
        ["a server error", "POST", 503, "text/plain", "peach", 503, "[g]"],
        ["a blocked error", "POST", 404, "text/plain", "plum", 403, null],
        ["a page", "GET", 200, "text/html", "<p>peach</p>", 200, "<p>[g]</p>"],
        ["a stream with an error event", "POST", 200, "text/event-stream", "event: error\ndata: {\"error\":{\"message\":\"peach\"}}\n\n", 200,
            "event: error\ndata: {\"error\":{\"message\":\"[g]\"}}\n\n"],
        ["an answer that cannot be read", "POST", 200, "application/json", """{"a":"peach""", 502, null],
        ["a part of an answer", "GET", 206, "text/plain", "each", 502, null],
    ];

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [TestCaseSource(nameof(Requests))]
    public async Task Request_OfThisKind_IsReadAsTheTableSays(string name, string start, string contentType, string body, int status, string? sent)
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GuardedGateway.StartAsync(upstream, Policy("pre_request"), [new TagPlugin()]);
        var bytes = body.Contains('\u0089', StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(body) : Encoding.UTF8.GetBytes(body);

        var answer = await RawHttp.SendAsync(gateway.Url, start, bytes, ["Content-Type: " + contentType], Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(status), name + ": " + answer.Body);
            Assert.That(
                upstream.Requests.Select(r => bytes.Length == body.Length && body.Contains('\u0089', StringComparison.Ordinal)
                    ? Encoding.Latin1.GetString(r.Body) : r.Text),
                Is.EqualTo(sent is null ? [] : new[] { sent }));
        }
    }

    [TestCaseSource(nameof(Answers))]
    public async Task Answer_OfThisKind_IsReadAsTheTableSays(string name, string method, int upstreamStatus, string contentType, string body,
        int status, string? delivered)
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, _) =>
        {
            context.Response.StatusCode = upstreamStatus;
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(body, context.RequestAborted);
        });
        await using var gateway = await GuardedGateway.StartAsync(upstream, Policy("pre_response"), [new TagPlugin()]);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/other");

        using var response = await gateway.Client.SendAsync(request, Token);
        var text = await Chat.BodyAsync(response, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status), name + ": " + text);
            Assert.That(
                text, delivered is null ? Does.Not.Contain("peach").And.Not.Contain("plum").And.Not.Contain("each\"") : Is.EqualTo(delivered));
        }
    }

    [Test]
    public async Task Answer_HeaderWithTheWord_IsMasked()
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, _) =>
        {
            context.Response.Headers["X-Summary"] = "a peach";
            return context.Response.WriteAsync("{}", context.RequestAborted);
        });
        await using var gateway =
            await GuardedGateway.StartAsync(upstream, Policy("pre_response", """, "sources": ["body", "headers"] """), [new TagPlugin(EverySource)]);

        using var response = await gateway.Client.GetAsync(new Uri("/v1/other", UriKind.Relative), Token);

        Assert.That(response.Headers.GetValues("X-Summary"), Is.EqualTo(new[] { "a [g]" }));
    }

    [Test]
    public async Task Request_QueryWithTheWord_IsMaskedWhereTheEntryReadsIt()
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway =
            await GuardedGateway.StartAsync(upstream, Policy("pre_request", """, "sources": ["path_and_query"] """), [new TagPlugin(EverySource)]);

        var answer = await RawHttp.SendAsync(gateway.Url, "GET /v1/other?q=a%20pe%61ch&r=%41", null, [], Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(upstream.Requests.Single().RawTarget, Does.StartWith("/v1/other?q=a").And.Not.Contain("ch&").And.EndWith("&r=%41"));
        }
    }

    [Test]
    public async Task Upgrade_OnAGuardedRoute_IsRefusedUnread()
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GuardedGateway.StartAsync(upstream, Policy("pre_request"), [new TagPlugin()]);

        var answer = await RawHttp.SendAsync(
            gateway.Url,
            "GET /v1/other",
            null,
            ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
            Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(403));
            Assert.That(answer.Body, Does.Contain(RefusalCodes.InputUninspectable));
            Assert.That(upstream.Requests, Is.Empty);
        }
    }

    [TestCase("HEAD", HttpStatusCode.OK)]
    [TestCase("GET", HttpStatusCode.NoContent)]
    [TestCase("GET", HttpStatusCode.NotModified)]
    public async Task Answer_WithoutText_PassesAsItIs(string method, HttpStatusCode status)
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, _) =>
        {
            context.Response.StatusCode = (int)status;
            return Task.CompletedTask;
        });
        await using var gateway = await GuardedGateway.StartAsync(upstream, Policy("pre_response"), [new TagPlugin()]);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/other");

        using var response = await gateway.Client.SendAsync(request, Token);

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    private string Policy(string stage, string rest = "")
    {
        var entries = $"{TagPlugin.Entry("g", $", \"stage\": \"{stage}\" {rest}")}, {TagPlugin.Entry("n", $", \"stage\": \"{stage}\"", mask: "\\u0000", block: "4711")}";
        return isRule ? $$"""{ "rules": [ { "path": "/v1/*", "plugin_chain": [ {{entries}} ] } ] }""" : Chat.Gateway(entries);
    }
}
