using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Bodies that are too long, or that somebody has read before the guard could.</summary>
public class UnreadRequestTests
{
    private static readonly string Words = GuardedApp.Policy("words", """["pre_request"]""");

    [TestCase(true)]
    [TestCase(false)]
    public async Task OversizeBody_Is413(bool isChunked)
    {
        await using var app = await GuardedApp.EchoAsync(
            """{ "gateway": { "name": "g", "limits": { "max_body_bytes": 1000 }, "required_plugins": [ { "name": "words" } ] } }""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text(new string('x', 1001)) };
        request.Headers.TransferEncodingChunked = isChunked;

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task BodyStatedToBeOversize_Is413BeforeAnyOfItIsSent(CancellationToken cancellationToken)
    {
        await using var app = await GuardedApp.EchoAsync(
            """{ "gateway": { "name": "g", "limits": { "max_body_bytes": 1000 }, "required_plugins": [ { "name": "words" } ] } }""");

        var status = await RawRequest.SendAsync(app.Port, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n")
            .WaitAsync(cancellationToken);

        Assert.That(status, Is.EqualTo(413));
    }

    [Test]
    public async Task OversizeBody_OnlyMonitored_IsHandedOnWhole()
    {
        await using var app = await GuardedApp.EchoAsync(
            """{ "gateway": { "name": "g", "limits": { "max_body_bytes": 1000 }, "required_plugins": [ { "name": "words", "mode": "monitor" } ] } }""");

        var (status, body) = await app.Client.PostAsync("/echo", Replies.Text(new string('x', 100_000))).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body, Is.EqualTo(new string('x', 100_000)));
    }

    [Test]
    public async Task BodyOverTheServersOwnLimit_Is413AndNot500()
    {
        await using var app = await GuardedApp.StartAsync(
            Words,
            [ProbePlugin.Words()],
            e => e.MapPost("/echo", () => "never"),
            app => app.UseExceptionHandler("/error"),
            kestrel: k => k.Limits.MaxRequestBodySize = 100);

        var (status, _) = await app.Client.PostAsync("/echo", Replies.Text(new string('x', 200))).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task NoRoom_Is503WithRetryAfter()
    {
        await using var app = await GuardedApp.StartAsync(
            Words,
            [ProbePlugin.Words()],
            e => e.MapPost("/echo", () => "never"),
            services: s => Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.Configure<AiGuardrailsOptions>(s, o =>
                o.MaxHeldBytes = 1024));

        using var response = await app.Client.PostAsync("/echo", Replies.Text(new string('x', 4096)));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task BodyReadBefore_Is400()
    {
        await using var app = await GuardedApp.EchoAsync(Words, async (context, next) =>
        {
            await new StreamReader(context.Request.Body).ReadToEndAsync();
            await next(context);
        });

        var (status, _) = await app.Client.PostAsync("/echo", Replies.Text("forbidden")).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task ChunkedBodyReadBefore_Is400()
    {
        await using var app = await GuardedApp.EchoAsync(Words, async (context, next) =>
        {
            await new StreamReader(context.Request.Body).ReadToEndAsync();
            await next(context);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("forbidden") };
        request.Headers.TransferEncodingChunked = true;

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task FormReadBefore_Is400()
    {
        await using var app = await GuardedApp.EchoAsync(Words, async (context, next) =>
        {
            await context.Request.ReadFormAsync();
            await next(context);
        });
        using var form = new FormUrlEncodedContent([new("a", "forbidden")]);

        var (status, _) = await app.Client.PostAsync("/echo", form).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task BufferedBodyReadBefore_IsJudgedFromItsStart()
    {
        await using var app = await GuardedApp.EchoAsync(Words, async (context, next) =>
        {
            context.Request.EnableBuffering();
            await context.Request.Body.ReadExactlyAsync(new byte[5]);
            await next(context);
        });

        var (_, body) = await app.Client.PostAsync("/echo", Replies.Text("secret at the start")).Read();

        Assert.That(body, Is.EqualTo("****** at the start"));
    }
}
