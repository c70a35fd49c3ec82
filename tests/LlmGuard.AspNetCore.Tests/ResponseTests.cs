using System.Net;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

public class ResponseTests
{
    private static readonly string Words = GuardedApp.Policy("words", """["pre_response"]""");

    [Test]
    public async Task Answer_Masked_HasTheRightLength()
    {
        var probe = new ProbePlugin("words", static (call, _) => ValueTask.FromResult(
            GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(0, 6), Replacement.Literal("much longer than before"))])));
        await using var app = await Start("/get", (HttpContext c) => c.Response.WriteAsync("secret text"), probe: probe);

        using var response = await app.Client.GetAsync("/get");

        Assert.That(await Replies.Body(response), Is.EqualTo("much longer than before text"));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo("much longer than before text".Length));
    }

    [Test]
    public async Task Answer_Blocked_IsReplacedWithTheHeadersAsTheyWere()
    {
        await using var app = await Start(
            "/get",
            async (HttpContext c) =>
            {
                c.Response.StatusCode = 201;
                c.Response.Headers["X-Inner"] = "1";
                c.Response.Headers.Remove("X-Outer");
                c.Response.Cookies.Append("inner", "1");
                await c.Response.WriteAsync("forbidden");
            },
            before: a => a.Use((c, next) =>
            {
                c.Response.Headers["X-Outer"] = "1";
                c.Response.Cookies.Append("outer", "1");
                return next(c);
            }));

        using var response = await app.Client.GetAsync("/get");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.Contains("X-Inner"), Is.False);
        Assert.That(response.Headers.Contains("X-Outer"), Is.True);
        Assert.That(response.Headers.GetValues("Set-Cookie"), Is.EqualTo(new[] { "outer=1; path=/" }));
        Assert.That(await Replies.Body(response), Does.Contain("guardrail").And.Not.Contain("forbidden"));
        Assert.That(response.Headers.Contains("X-Guardrail-Id"), Is.True);
    }

    [Test]
    public async Task Answer_Allowed_KeepsCookiesOfBothSides()
    {
        await using var app = await Start(
            "/get",
            async (HttpContext c) =>
            {
                c.Response.Cookies.Append("inner", "1");
                await c.Response.WriteAsync("fine");
            },
            before: a => a.Use((c, next) =>
            {
                c.Response.Cookies.Append("outer", "1");
                return next(c);
            }));

        using var response = await app.Client.GetAsync("/get");

        Assert.That(response.Headers.GetValues("Set-Cookie"), Is.EquivalentTo(new[] { "outer=1; path=/", "inner=1; path=/" }));
    }

    [TestCase(200)]
    [TestCase(404)]
    [TestCase(500)]
    public async Task EveryStatus_IsInspected(int status)
    {
        await using var app = await Start("/get", async (HttpContext c) =>
        {
            c.Response.StatusCode = status;
            await c.Response.WriteAsync("secret");
        });

        var (answered, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(((int)answered, body), Is.EqualTo((status, "******")));
    }

    [Test]
    public async Task NoResponseEntry_PassesUnheld()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("words", """["pre_request"]"""),
            [ProbePlugin.Words()],
            e => e.MapGet("/get", async (HttpContext c) =>
            {
                await c.Response.WriteAsync("first");
                await c.Response.Body.FlushAsync();
                await release.Task;
            }));

        using var response = await app.Client.GetAsync("/get", HttpCompletionOption.ResponseHeadersRead);
        var first = new byte[5];
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(first);

        Assert.That(Encoding.UTF8.GetString(first), Is.EqualTo("first"));
        release.SetResult();
    }

    [Test]
    public async Task MonitoringEntry_DoesNotHoldAndSeesTheAnswerOnce()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", (call, _) =>
        {
            seen.TrySetResult(string.Concat(call.Content.Select(s => s.Text)));
            return ValueTask.FromResult(GuardrailVerdict.Block());
        });
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("probe", """["pre_response"]""", ", \"mode\": \"monitor\""),
            [probe],
            e => e.MapGet("/get", async (HttpContext c) =>
            {
                c.Response.ContentType = "text/plain";
                await c.Response.WriteAsync("first ");
                await c.Response.Body.FlushAsync();
                await release.Task;
                await c.Response.WriteAsync("second");
            }));

        using var response = await app.Client.GetAsync("/get", HttpCompletionOption.ResponseHeadersRead);
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[6]);
        release.SetResult();
        var rest = await Replies.Body(response);

        Assert.That(rest, Is.EqualTo("second"));
        Assert.That(await seen.Task, Is.EqualTo("first second"));
    }

    [Test]
    public async Task EntryThatReadsNothing_BlocksBeforeTheFirstByte()
    {
        var probe = new ProbePlugin("words", static (call, _) =>
            ValueTask.FromResult(call.UpstreamStatus == 202 ? GuardrailVerdict.Block() : GuardrailVerdict.Allow))
        {
            Needs = GuardrailNeeds.None,
        };
        await using var app = await Start(
            "/get",
            async (HttpContext c) =>
            {
                c.Response.StatusCode = int.Parse(c.Request.Query["status"]!, System.Globalization.CultureInfo.InvariantCulture);
                await c.Response.WriteAsync("text");
            },
            probe: probe);

        var blocked = await app.Client.GetAsync("/get?status=202").Read();
        var passed = await app.Client.GetAsync("/get?status=201").Read();

        Assert.That(blocked.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(passed, Is.EqualTo((HttpStatusCode.Created, "text")));
    }

    [Test]
    public async Task CallerWhoLeaves_GetsNothingAndTheCallEndsAborted()
    {
        var probe = ProbePlugin.Allowing(needs: GuardrailNeeds.Content);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("probe", """["pre_request", "pre_response", "post_response"]"""),
            [probe],
            e => e.MapPost("/wait", async (HttpContext c) =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.Infinite, c.RequestAborted);
            }));
        using var leaving = new CancellationTokenSource();

        var sending = app.Client.PostAsync("/wait", Replies.Text("x"), leaving.Token);
        await entered.Task;
        await leaving.CancelAsync();

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await probe.Last.Task).Ending, Is.EqualTo(CallEnding.Aborted));
        Assert.That(probe.Calls.Select(c => c.Stage), Does.Not.Contain(GuardrailStage.PreResponse));
    }

    [Test]
    public async Task UsageAndEnding_ReachPostResponse()
    {
        var probe = ProbePlugin.Allowing(needs: GuardrailNeeds.Content | GuardrailNeeds.Usage);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("probe", """["post_response"]"""),
            [probe],
            e => e.MapPost("/v1/chat/completions", () => Results.Text(
                """{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hello"}}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}""",
                "application/json")));

        await app.Client.PostAsync("/v1/chat/completions", Replies.Json("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""")).Read();
        var last = await probe.Last.Task;

        Assert.That(last.Ending, Is.EqualTo(CallEnding.Completed));
        Assert.That(last.Usage?.Total, Is.EqualTo(7));
        Assert.That(last.Texts, Does.Contain("hello"));
    }

    private static Task<GuardedApp> Start(string path, RequestDelegate endpoint, ProbePlugin? probe = null, Action<WebApplication>? before = null) =>
        GuardedApp.StartAsync(Words, [probe ?? ProbePlugin.Words()], e => e.MapGet(path, endpoint), before);
}
