using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

public class RequestTests
{
    private static readonly string Words = GuardedApp.Policy("words", """["pre_request"]""");

    [Test]
    public async Task Json_MaskedText_ReachesTheEndpointSpliced()
    {
        await using var app = await GuardedApp.EchoAsync(Words);

        var (status, body) = await app.Client.PostAsync("/echo", Replies.Json("""{ "a" : "the secret", "n":1.0e400 }""")).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body, Is.EqualTo("""{ "a" : "the ******", "n":1.0e400 }"""));
    }

    [Test]
    public async Task Json_MaskedTextUnderADigest_HasTheDigestOfWhatReachesTheEndpoint()
    {
        await using var app = await GuardedApp.StartAsync(Words, [ProbePlugin.Words()], e =>
            e.MapPost("/md5", (HttpContext c) => c.Request.Headers.ContentMD5.ToString()));
        using var content = Replies.Json("""{"a":"the secret"}""");
        content.Headers.ContentMD5 = new byte[16];

        var (_, digest) = await app.Client.PostAsync("/md5", content).Read();

        Assert.That(digest, Is.EqualTo(Convert.ToBase64String(System.Security.Cryptography.MD5.HashData("""{"a":"the ******"}"""u8))));
    }

    [Test]
    public async Task Text_Longer_SetsContentLength()
    {
        var probe = new ProbePlugin("words", static (call, _) => ValueTask.FromResult(
            GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(0, 1), Replacement.Literal("longer"))])));
        await using var app = await GuardedApp.StartAsync(Words, [probe], e => e.MapPost("/length", async (HttpContext c) =>
            $"{c.Request.ContentLength} {await new StreamReader(c.Request.Body).ReadToEndAsync()}"));

        var (_, body) = await app.Client.PostAsync("/length", Replies.Text("abc")).Read();

        Assert.That(body, Is.EqualTo("8 longerbc"));
    }

    [Test]
    public async Task BlockedText_OnAPlainRoute_IsProblemJsonWithId()
    {
        await using var app = await GuardedApp.EchoAsync(Words);

        using var response = await app.Client.PostAsync("/echo", Replies.Text("forbidden"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(response.Headers.GetValues("X-Guardrail-Id").Single(), Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task BlockedText_OnAChatRoute_SpeaksTheDialect()
    {
        await using var app = await GuardedApp.StartAsync(Words, [ProbePlugin.Words()], e => e.MapPost("/v1/chat/completions", () => "never"));

        var (status, body) = await app.Client
            .PostAsync("/v1/chat/completions", Replies.Json("""{"model":"m","messages":[{"role":"user","content":"forbidden"}]}""")).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(body, Does.Contain("\"type\":\"guardrail_blocked\"").And.Contain("\"code\":\"words\""));
    }

    [Test]
    public async Task AllowedRequest_HasTheIdToo()
    {
        await using var app = await GuardedApp.EchoAsync(Words);

        using var response = await app.Client.PostAsync("/echo", Replies.Text("fine"));

        Assert.That(response.Headers.GetValues("X-Guardrail-Id").Single(), Does.Match("^[0-9a-f]{32}$"));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task EncodedBody_IsJudgedAndHandedOnDecoded(string coding)
    {
        await using var app = await GuardedApp.EchoAsync(Words);
        using var content = new ByteArrayContent(EncodedBody.Of(coding, "a secret text"));
        content.Headers.ContentType = new("text/plain");
        content.Headers.ContentEncoding.Add(coding);

        using var response = await app.Client.PostAsync("/echo", content);

        Assert.That(await Replies.Body(response), Is.EqualTo("a ****** text"));
        Assert.That(response.Headers.GetValues("X-Seen").Single(), Is.EqualTo("13||"));
    }

    [Test]
    public async Task UnknownEncoding_Is415()
    {
        await using var app = await GuardedApp.EchoAsync(Words);
        using var content = Replies.Text("text");
        content.Headers.ContentEncoding.Add("zstd");

        var (status, _) = await app.Client.PostAsync("/echo", content).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task UnknownEncoding_OnlyMonitored_IsHandedOnAsItCame()
    {
        await using var app = await GuardedApp.EchoAsync(GuardedApp.Policy("words", """["pre_request"]""", ", \"mode\": \"monitor\""));
        using var content = Replies.Text("secret");
        content.Headers.ContentEncoding.Add("zstd");

        using var response = await app.Client.PostAsync("/echo", content);

        Assert.That(await Replies.Body(response), Is.EqualTo("secret"));
        Assert.That(response.Headers.GetValues("X-Seen").Single(), Is.EqualTo("6|zstd|"));
    }

    [Test]
    public async Task CutGzip_OnlyMonitored_IsHandedOnAsItCame()
    {
        await using var app = await GuardedApp.EchoAsync(GuardedApp.Policy("words", """["pre_request"]""", ", \"mode\": \"monitor\""));
        var cut = EncodedBody.Of("gzip", "a text that is cut somewhere")[..^6];
        using var content = new ByteArrayContent(cut);
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await app.Client.PostAsync("/echo", content);

        Assert.That(await ReadBytes(response), Is.EqualTo(cut));
    }

    [Test]
    public async Task ChunkedBody_IsJudged()
    {
        await using var app = await GuardedApp.EchoAsync(Words);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("forbidden") };
        request.Headers.TransferEncodingChunked = true;

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task ChunkedBody_Edited_IsFramedByItsNewLength()
    {
        await using var app = await GuardedApp.EchoAsync(Words);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("the secret") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo("the ******"));
        Assert.That(response.Headers.GetValues("X-Seen").Single(), Is.EqualTo("10||"));
    }

    [TestCase("""{"a":1,"a":2}""")]
    [TestCase("""{"a":"x"} trailing""")]
    [TestCase("\uFEFF{\"a\":1}")]
    [TestCase("""{"a":NaN}""")]
    [TestCase("""{"a":"\ud800"}""")]
    public async Task AmbiguousJson_Is400(string json)
    {
        await using var app = await GuardedApp.EchoAsync(Words);

        var (status, body) = await app.Client.PostAsync("/echo", Replies.Json(json)).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body, Does.Contain("guardrail_input_uninspectable"));
    }

    [Test]
    public async Task UnparsableBody_OnAChatRoute_WithAnotherContentType_Is400()
    {
        await using var app = await GuardedApp.StartAsync(Words, [ProbePlugin.Words()], e => e.MapPost("/v1/chat/completions", () => "never"));

        var (status, _) = await app.Client.PostAsync("/v1/chat/completions", Replies.Text("not json")).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task JudgedBody_CanBeRewoundByTheEndpoint()
    {
        await using var app = await GuardedApp.StartAsync(Words, [ProbePlugin.Words()], e => e.MapPost("/twice", async (HttpContext c) =>
        {
            var first = await new StreamReader(c.Request.Body, leaveOpen: true).ReadToEndAsync();
            c.Request.Body.Position = 0;
            return first + await new StreamReader(c.Request.Body).ReadToEndAsync();
        }));

        var (_, body) = await app.Client.PostAsync("/twice", Replies.Text("secret")).Read();

        Assert.That(body, Is.EqualTo("************"));
    }

    [Test]
    public async Task PlanWithoutNeedForTheBody_LeavesItUnread()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("probe", """["pre_request"]"""),
            [ProbePlugin.Allowing(needs: GuardrailNeeds.None)],
            e => e.MapPost("/type", (HttpContext c) => c.Request.Body.CanSeek.ToString()));

        var (status, body) = await app.Client.PostAsync("/type", Replies.Text("forbidden")).Read();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "False")));
    }

    [Test]
    public async Task NoBody_RunsEntriesOfHeadersAndQuery()
    {
        var words = ProbePlugin.Words(needs: GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery);
        await using var app = await GuardedApp.StartAsync(Words, [words], e => e.MapGet("/echo", (HttpContext c) =>
            $"{c.Request.Query["q"]} {c.Request.Headers["X-Note"]} {c.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/echo?q=a%20secret");
        request.Headers.Add("X-Note", "my secret");

        var (_, body) = await app.Client.SendAsync(request).Read();

        Assert.That(body, Does.StartWith("a ****** my ****** /echo?q=a"));
        Assert.That(body, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task GetWithForbiddenQuery_IsBlocked()
    {
        var words = ProbePlugin.Words(needs: GuardrailNeeds.Content | GuardrailNeeds.PathAndQuery);
        await using var app = await GuardedApp.StartAsync(Words, [words], e => e.MapGet("/echo", () => "never"));

        var (status, _) = await app.Client.GetAsync("/echo?q=forbidden").Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("X-HTTP-Method-Override")]
    [TestCase("X-Method-Override")]
    [TestCase("X-HTTP-Method")]
    public async Task MethodOverride_OnAGuardedScope_Is400(string header)
    {
        await using var app = await GuardedApp.EchoAsync(Words);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("fine") };
        request.Headers.Add(header, "DELETE");

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task MethodOverride_ThatNamesTheMethodInUse_ChangesNothing()
    {
        await using var app = await GuardedApp.EchoAsync(Words);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("a secret") };
        request.Headers.Add("X-HTTP-Method-Override", "POST");

        var answer = await app.Client.SendAsync(request).Read();

        Assert.That(answer, Is.EqualTo((HttpStatusCode.OK, "a ******")));
    }

    [TestCase("POST", 400)]
    [TestCase("PUT", 200)]
    public async Task MethodOverride_FromAnUnguardedMethod_IsRefusedWhereItWouldBeGuarded(string method, int expected)
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "rules": [ { "path": "/echo", "methods": ["POST"], "plugin_chain": [ { "name": "words" } ] } ] }""",
            [ProbePlugin.Words()],
            e => e.MapGet("/echo", () => "ok"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/echo");
        request.Headers.Add("X-HTTP-Method-Override", method);

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That((int)status, Is.EqualTo(expected));
    }

    [Test]
    public async Task EmptyPlan_PassesWithTheId()
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "rules": [ { "path": "/guarded", "plugin_chain": [ { "name": "words" } ] } ] }""",
            [ProbePlugin.Words()],
            e => e.MapPost("/open", (HttpContext c) => c.Request.Body.CanSeek.ToString()));

        using var response = await app.Client.PostAsync("/open", Replies.Text("forbidden"));

        Assert.That(await Replies.Body(response), Is.EqualTo("False"));
        Assert.That(response.Headers.Contains("X-Guardrail-Id"), Is.True);
    }

    private static async Task<byte[]> ReadBytes(HttpResponseMessage response)
    {
        var bytes = new MemoryStream();
        await (await response.Content.ReadAsStreamAsync()).CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
