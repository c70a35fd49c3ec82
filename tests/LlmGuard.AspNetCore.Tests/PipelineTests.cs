using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

public class PipelineTests
{
    private static readonly string Both = GuardedApp.Policy("words", """["pre_request", "pre_response", "post_response"]""");

    [Test]
    public async Task Feature_TellsTheDecisionsToTheEndpoint()
    {
        await using var app = await GuardedApp.StartAsync(Both, [ProbePlugin.Words()], e => e.MapPost("/echo", (HttpContext c) =>
        {
            var feature = c.Features.Get<IAiGuardrailsFeature>()!;
            return $"{feature.CallId}|{feature.Scope.Gateway}|{feature.Decisions.Single().Action}|{feature.Revision.Length > 0}";
        }));

        using var response = await app.Client.PostAsync("/echo", Replies.Text("a secret"));

        Assert.That(await Replies.Body(response), Is.EqualTo($"{response.Headers.GetValues("X-Guardrail-Id").Single()}|Gateway|Modify|True"));
    }

    [Test]
    public async Task ExceptionOfTheEndpoint_IsRethrownUnchangedAndItsAnswerIsGone()
    {
        Exception? seen = null;
        var original = new FormatException("original");
        await using var app = await GuardedApp.StartAsync(
            Both,
            [ProbePlugin.Words()],
            e => e.MapGet("/throw", async (HttpContext c) =>
            {
                c.Response.Headers["X-Inner"] = "1";
                await c.Response.WriteAsync("half of an answer");
                throw original;
            }),
            a => a.Use(async (c, next) =>
            {
                try
                {
                    await next(c);
                }
                catch (FormatException exception)
                {
                    seen = exception;
                    await c.Response.WriteAsync($"started: {c.Response.HasStarted}");
                }
            }));

        using var response = await app.Client.GetAsync("/throw");

        Assert.That(seen, Is.SameAs(original));
        Assert.That(await Replies.Body(response), Is.EqualTo("started: False"));
        Assert.That(response.Headers.Contains("X-Inner"), Is.False);
        Assert.That(response.Headers.Contains("X-Guardrail-Id"), Is.True);
    }

    [Test]
    public async Task ExceptionHandler_Reexecutes_TheRequestIsJudgedOnceAndTheErrorPageIsInspected()
    {
        var words = ProbePlugin.Words();
        await using var app = await GuardedApp.StartAsync(
            Both,
            [words],
            e =>
            {
                e.MapPost("/throw", string () => throw new FormatException());
                e.MapPost("/error", () => "the secret error page");
            },
            a => a.UseExceptionHandler("/error"));

        var (status, body) = await app.Client.PostAsync("/throw", Replies.Text("text")).Read();
        var last = await words.Last.Task;

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.InternalServerError, "the ****** error page")));
        Assert.That(words.Calls.Count(c => c.Stage == GuardrailStage.PreRequest), Is.EqualTo(1));
        Assert.That(words.Calls.Count(c => c.Stage == GuardrailStage.PreResponse), Is.EqualTo(1));
        Assert.That(last.Ending, Is.EqualTo(CallEnding.UpstreamFailed));
    }

    [Test]
    public async Task StatusCodePages_Reexecute_WithOneIdAndOneDecision()
    {
        var words = ProbePlugin.Words();
        await using var app = await GuardedApp.StartAsync(
            Both,
            [words],
            e => e.Map("/status/{code}", (int code) => $"page {code}"),
            a => a.UseStatusCodePagesWithReExecute("/status/{0}"));

        using var response = await app.Client.PostAsync("/nothing", Replies.Text("text"));
        await words.Last.Task;

        Assert.That(await Replies.Body(response), Is.EqualTo("page 404"));
        Assert.That(response.Headers.GetValues("X-Guardrail-Id").Count(), Is.EqualTo(1));
        Assert.That(words.Calls.Count(c => c.Stage == GuardrailStage.PreRequest), Is.EqualTo(1));
        Assert.That(words.Calls.Count(c => c.Stage == GuardrailStage.PostResponse), Is.EqualTo(1));
    }

    [Test]
    public async Task RefusedRequest_ExecutedAgain_StaysRefused()
    {
        var reached = false;
        await using var app = await GuardedApp.StartAsync(
            Both,
            [ProbePlugin.Words()],
            e => e.MapPost("/echo", () => reached = true),
            a => a.Use(async (c, next) =>
            {
                await next(c);
                await next(c);
            }),
            s => s.AddSingleton<IGuardrailRefusalWriter>(new StatusOnly()));

        var (status, _) = await app.Client.PostAsync("/echo", Replies.Text("forbidden")).Read();

        Assert.That((status, reached), Is.EqualTo((HttpStatusCode.UnavailableForLegalReasons, false)));
    }

    [Test]
    public async Task RequestSentToAnotherPath_IsANewRequest()
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "rules": [ { "path": "/guarded", "plugin_chain": [ { "name": "words" } ] } ] }""",
            [ProbePlugin.Words()],
            e => e.Run(c =>
            {
                c.Response.StatusCode = c.Request.Path == "/guarded" ? 200 : 404;
                return Task.CompletedTask;
            }),
            a => a.Use(async (c, next) =>
            {
                await next(c);
                if (c.Response.StatusCode == 404)
                {
                    c.Request.Path = "/guarded";
                    await next(c);
                }
            }));

        Assert.That(await RawRequest.PostAsync(app.Port, "/open", "forbidden"), Is.EqualTo(403));
    }

    [Test]
    public async Task LimitOfAnEntry_StopsTheReadAndIsTheEntrysRefusal()
    {
        var limiter = new LimitingPlugin();
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g", "required_plugins": [ { "name": "words" }, { "name": "limiter" } ] } }""",
            [ProbePlugin.Words(), limiter],
            e => e.MapPost("/echo", () => "ok"));

        var small = await app.Client.PostAsync("/echo", Replies.Text("forb")).Read();
        var (status, body) = await app.Client.PostAsync("/echo", Replies.Text(new string('x', 100))).Read();

        Assert.That(small.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(body, Does.Contain("limiter"));
    }

    [Test]
    public async Task RefusalWriter_OfTheApplication_IsUsedAndMayBePagedByStatusCodePages()
    {
        await using var app = await GuardedApp.StartAsync(
            Both,
            [ProbePlugin.Words()],
            e => e.Map("/status/{code}", (int code) => $"page {code}"),
            a => a.UseStatusCodePagesWithReExecute("/status/{0}"),
            s => s.AddSingleton<IGuardrailRefusalWriter>(new StatusOnly()));

        var (status, body) = await app.Client.PostAsync("/echo", Replies.Text("forbidden")).Read();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.UnavailableForLegalReasons, "page 451")));
    }

    [Test]
    public async Task GuardedTwice_RunsOnce()
    {
        var words = ProbePlugin.Words();
        await using var app = await GuardedApp.StartAsync(
            Both,
            [words],
            e =>
            {
                e.UseAiGuardrails();
                e.MapPost("/echo", () => "the secret");
            });

        var (_, body) = await app.Client.PostAsync("/echo", Replies.Text("text")).Read();
        await words.Last.Task;

        Assert.That(body, Is.EqualTo("the ******"));
        Assert.That(words.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task ResponseHeadersOfAVerdict_AreKeptWhenAllowedAndWhenBlocked()
    {
        var probe = new ProbePlugin("words", static (call, _) => ValueTask.FromResult(
            (call.Content[0].Text == "forbidden" ? GuardrailVerdict.Block() : GuardrailVerdict.Allow)
                .WithResponseHeaders(new KeyValuePair<string, string>("X-Left", "3"))));
        await using var app =
            await GuardedApp.StartAsync(GuardedApp.Policy("words", """["pre_request"]"""), [probe], e => e.MapPost("/echo", () => "ok"));

        using var allowed = await app.Client.PostAsync("/echo", Replies.Text("fine"));
        using var blocked = await app.Client.PostAsync("/echo", Replies.Text("forbidden"));

        Assert.That(allowed.Headers.GetValues("X-Left").Single(), Is.EqualTo("3"));
        Assert.That(blocked.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(blocked.Headers.GetValues("X-Left").Single(), Is.EqualTo("3"));
    }

    [Test]
    public async Task Blocked_EndsOnceAsBlocked()
    {
        var words = ProbePlugin.Words();
        await using var app = await GuardedApp.StartAsync(Both, [words], e => e.MapPost("/echo", () => "ok"));

        await app.Client.PostAsync("/echo", Replies.Text("forbidden")).Read();

        Assert.That((await words.Last.Task).Ending, Is.EqualTo(CallEnding.Blocked));
    }

    [TestCase("/guarded", 403)]
    [TestCase("/GUARDED", 403)]
    [TestCase("/guarded/", 403)]
    [TestCase("/%67uarded", 403)]
    [TestCase("/open/../guarded", 400)]
    [TestCase("//guarded", 400)]
    [TestCase("/guarded;v=1", 400)]
    [TestCase("/%2567uarded", 400)]
    [TestCase("/open", 200)]
    public async Task Path_AsSent_DecidesTheRule(string path, int expected)
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "rules": [ { "path": "/guarded", "plugin_chain": [ { "name": "words" } ] } ] }""",
            [ProbePlugin.Words()],
            e => e.Run(c => c.Response.WriteAsync("reached")));

        var status = await RawRequest.PostAsync(app.Port, path, "forbidden");

        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public async Task PathBase_IsPartOfThePath()
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "rules": [ { "path": "/base/guarded", "plugin_chain": [ { "name": "words" } ] } ] }""",
            [ProbePlugin.Words()],
            e => e.Run(c => c.Response.WriteAsync("reached")),
            a => a.UsePathBase("/base"));

        Assert.That(await RawRequest.PostAsync(app.Port, "/base/guarded", "forbidden"), Is.EqualTo(403));
    }

    [Test]
    public async Task RewrittenPath_IsGuardedAsWhatItBecame()
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "rules": [ { "path": "/guarded", "plugin_chain": [ { "name": "words" } ] } ] }""",
            [ProbePlugin.Words()],
            e => e.Run(c => c.Response.WriteAsync("reached")),
            a => a.Use((c, next) =>
            {
                c.Request.Path = "/guarded";
                return next(c);
            }));

        Assert.That(await RawRequest.PostAsync(app.Port, "/elsewhere", "forbidden"), Is.EqualTo(403));
    }

    /// <summary>Refuses bodies of more than ten bytes.</summary>
    private sealed class LimitingPlugin : IGuardrailPlugin, IGuardrailEvaluator, IBodyLimits
    {
        public GuardrailPluginMetadata Metadata { get; } = new("limiter") { Needs = GuardrailNeeds.BodyMetrics };

        public long? MaxBodyBytes => 10;

        public int? MaxJsonDepth => null;

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => ValueTask.FromResult(
            call.Body.IsTruncated ? GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = 413 }) : GuardrailVerdict.Allow);
    }

    private sealed class StatusOnly : IGuardrailRefusalWriter
    {
        public ValueTask WriteAsync(HttpContext context, GuardrailRefusalContext refusal)
        {
            context.Response.StatusCode = 451;
            return ValueTask.CompletedTask;
        }
    }
}
