using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>
/// Endpoints that abort the connection where their writing is cancelled, as files of ASP.NET Core and forwarders (YARP) do. Where the guard has
/// cancelled it the caller still gets what the guard says, over real sockets.
/// </summary>
[TestFixture(HttpProtocols.Http1)]
[TestFixture(HttpProtocols.Http2)]
[Parallelizable(ParallelScope.All)]
[CancelAfter(60_000)]
public class AbortTests(HttpProtocols protocol)
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    private const string Path = "/v1/chat/completions";

    private static readonly string Streamed = GuardedApp.Policy("span_words", """["pre_response"]""");

    [Test]
    public async Task File_LargerThanTheLimit_Is502ThatNamesTheLimit(CancellationToken cancellationToken)
    {
        const string Policy =
            """{ "gateway": { "limits": { "max_body_bytes": 10000 }, "required_plugins": [ { "name": "words", "stage": "pre_response" } ] } }""";
        await using var app = await StartAsync(Policy, ProbePlugin.Words(), e => e.MapPost(Path, () => Results.Bytes(new byte[20_000])));

        using var response = await SendAsync(app, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(
            await Replies.Body(response),
            Does.Contain("The answer could not be inspected: it is longer than the 10000 bytes that the policy allows (max_body_bytes)."));
    }

    [Test]
    public async Task File_UnderARequestThatIsBlockedBeside_IsTheRefusal(CancellationToken cancellationToken)
    {
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", async (_, _) =>
        {
            await isRunning.Task;
            return GuardrailVerdict.Block();
        });
        await using var app = await StartAsync(GuardedApp.Policy("probe", """["post_request"]"""), probe, e => e.MapPost(Path, () =>
        {
            isRunning.SetResult();
            return Results.Bytes(new byte[20_000]);
        }));

        using var response = await SendAsync(app, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await Replies.Body(response), Does.Contain("guardrail_blocked"));
    }

    [TestCase("forbidden", HttpStatusCode.Forbidden, "guardrail_blocked", TestName = "{m}: in its first words")]
    [TestCase("some words. forbidden", HttpStatusCode.OK, "data: [DONE]\n\n", TestName = "{m}: after words that have left")]
    public async Task Stream_ThatTheGuardStops_HasItsEnding(string text, HttpStatusCode status, string ending, CancellationToken cancellationToken)
    {
        await using var app = await StartAsync(Streamed, new SpanWordsPlugin(), e => e.MapPost(Path, c => ForwardAsync(c, text)));

        using var response = await SendAsync(app, cancellationToken);
        var body = await Replies.Body(response);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(body, Does.Contain(ending));
        Assert.That(body, Does.Not.Contain("forbidden"));
    }

    [Test]
    public async Task Abort_ThatTheGuardDidNotCause_BreaksTheAnswerOff(CancellationToken cancellationToken)
    {
        await using var app = await StartAsync(Streamed, new SpanWordsPlugin(), e => e.MapPost(Path, async (HttpContext c) =>
        {
            c.Response.ContentType = "text/event-stream";
            await c.Response.WriteAsync(Event("some words. "), cancellationToken);
            Abort(c);
        }));

        Assert.That(
            async () =>
            {
                using var response = await SendAsync(app, cancellationToken);
                await Replies.Body(response);
            },
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
    }

    private static async Task ForwardAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/event-stream";
        try
        {
            // One word after the other, as a model says them.
            foreach (var word in text.Split(' '))
            {
                await context.Response.WriteAsync(Event(word + " "), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Abort(context);
        }
    }

    // What a forwarder does: it resets the stream where there is one, and else aborts the connection.
    private static void Abort(HttpContext context)
    {
        if (context.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset(8);
        }
        else
        {
            context.Abort();
        }
    }

    private static string Event(string text) => $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""" + "\n\n";

    private Task<GuardedApp> StartAsync(string policy, IGuardrailPlugin plugin, Action<WebApplication> endpoints) => GuardedApp.StartAsync(
        policy,
        [plugin],
        endpoints,
        kestrel: k => k.ConfigureEndpointDefaults(l => l.Protocols = protocol));

    private Task<HttpResponseMessage> SendAsync(GuardedApp app, CancellationToken cancellationToken) => app.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = Replies.Json(Chat),
            Version = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
        cancellationToken);
}
