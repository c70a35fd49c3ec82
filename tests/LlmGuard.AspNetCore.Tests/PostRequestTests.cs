using System.IO.Compression;
using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

public class PostRequestTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    private const string Path = "/v1/chat/completions";
    private static readonly string Policy = GuardedApp.Policy("probe", """["post_request"]""");

    [Test]
    public async Task Verdict_Pending_HoldsTheStartWhileTheEndpointRuns()
    {
        var verdict = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", async (_, _) =>
        {
            await verdict.Task;
            return GuardrailVerdict.Allow;
        });
        await using var app = await GuardedApp.StartAsync(Policy, [probe], e => e.MapPost(Path, async (HttpContext c) =>
        {
            c.Response.Headers["X-Inner"] = "1";
            isRunning.SetResult();
            var writing = c.Response.WriteAsync("answer");
            started.SetResult(writing.IsCompleted);
            await writing;
        }));

        var sending = app.Client.PostAsync(Path, Replies.Json(Chat));
        await isRunning.Task;
        var wroteBeforeVerdict = await started.Task;
        verdict.SetResult();
        using var response = await sending;

        Assert.That(wroteBeforeVerdict, Is.False);
        Assert.That(await Replies.Body(response), Is.EqualTo("answer"));
        Assert.That(response.Headers.Contains("X-Inner"), Is.True);
    }

    [Test]
    public async Task Block_CancelsTheEndpointAndRestoresTheHead()
    {
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", async (_, _) =>
        {
            await isRunning.Task;
            return GuardrailVerdict.Block();
        });
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [probe],
            e => e.MapPost(Path, async (HttpContext c) =>
            {
                c.Response.StatusCode = 201;
                c.Response.Headers["X-Inner"] = "1";
                await using var registration = c.RequestAborted.Register(cancelled.SetResult);
                isRunning.SetResult();
                await Task.Delay(Timeout.Infinite, c.RequestAborted);
            }),
            a => a.Use((c, next) =>
            {
                c.Response.Headers["X-Outer"] = "1";
                return next(c);
            }));

        using var response = await app.Client.PostAsync(Path, Replies.Json(Chat));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.Contains("X-Inner"), Is.False);
        Assert.That(response.Headers.Contains("X-Outer"), Is.True);
        Assert.That(response.Headers.Contains("X-Guardrail-Id"), Is.True);
        await cancelled.Task;
    }

    [Test]
    public async Task Block_AnswersWhileAnEndpointIgnoresItsCancellation()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var wrote = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", async (_, _) =>
        {
            await isRunning.Task;
            return GuardrailVerdict.Block();
        });
        await using var app = await GuardedApp.StartAsync(Policy, [probe], e => e.MapPost(Path, async (HttpContext c) =>
        {
            isRunning.SetResult();
            await release.Task;
            try
            {
                c.Response.Headers["X-Late"] = "1";
                await c.Response.WriteAsync("late answer");
                wrote.SetResult(null);
            }
            catch (Exception exception)
            {
                wrote.SetResult(exception);
            }
        }));

        var (status, body) = await app.Client.PostAsync(Path, Replies.Json(Chat)).Read();
        release.SetResult();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(body, Does.Not.Contain("late"));
        Assert.That(await wrote.Task, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Block_WithCompressionOutside_IsAReadableRefusal()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", async (_, _) =>
        {
            await isRunning.Task;
            return GuardrailVerdict.Block();
        });
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [probe],
            e => e.MapPost(Path, async (HttpContext c) =>
            {
                c.Response.ContentType = "image/png";
                isRunning.SetResult();
                await release.Task;
            }),
            a => a.UseResponseCompression(),
            s => s.AddResponseCompression());
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Replies.Json(Chat) };
        request.Headers.AcceptEncoding.Add(new("gzip"));

        using var response = await app.Client.SendAsync(request);
        using var decoded = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        var body = await decoded.ReadToEndAsync();
        release.SetResult();

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        Assert.That(body, Does.Contain("guardrail_blocked"));
    }

    [Test]
    public async Task CompressionOutside_WhenAllowed_StillCompresses()
    {
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [ProbePlugin.Allowing()],
            e => e.MapPost(Path, (HttpContext c) =>
            {
                c.Response.ContentType = "text/plain";
                return c.Response.WriteAsync(new string('x', 5000));
            }),
            a => a.UseResponseCompression(),
            s => s.AddResponseCompression());
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Replies.Json(Chat) };
        request.Headers.AcceptEncoding.Add(new("gzip"));

        using var response = await app.Client.SendAsync(request);
        using var decoded = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        Assert.That(await decoded.ReadToEndAsync(), Is.EqualTo(new string('x', 5000)));
    }

    [Test]
    public async Task RequestThatLeavesStateBehind_IsJudgedBeforeTheEndpoint()
    {
        var wasReached = false;
        var probe = new ProbePlugin("probe", static (_, _) => ValueTask.FromResult(GuardrailVerdict.Block()));
        await using var app = await GuardedApp.StartAsync(Policy, [probe], e => e.MapPost(Path, () => wasReached = true));

        var (status, _) = await app.Client
            .PostAsync(Path, Replies.Json("""{"model":"m","store":true,"messages":[{"role":"user","content":"hi"}]}""")).Read();

        Assert.That((status, wasReached), Is.EqualTo((HttpStatusCode.Forbidden, false)));
    }

    [Test]
    public async Task UnknownRoute_IsJudgedBeforeTheEndpoint()
    {
        var wasReached = false;
        var probe = new ProbePlugin("probe", static (_, _) => ValueTask.FromResult(GuardrailVerdict.Block()));
        await using var app = await GuardedApp.StartAsync(Policy, [probe], e => e.MapPost("/v1/files", () => wasReached = true));

        var (status, _) = await app.Client.PostAsync("/v1/files", Replies.Text("a file")).Read();

        Assert.That((status, wasReached), Is.EqualTo((HttpStatusCode.Forbidden, false)));
    }

    [Test]
    public async Task CallerWhoLeaves_EndsTheEndpointToo()
    {
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", static async (call, token) =>
        {
            if (call.Stage == GuardrailStage.PostRequest)
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return GuardrailVerdict.Allow;
        });
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("probe", """["pre_request", "post_request", "post_response"]"""),
            [probe],
            e => e.MapPost(Path, async (HttpContext c) =>
            {
                isRunning.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, c.RequestAborted);
                }
                finally
                {
                    ended.SetResult();
                }
            }));
        using var leaving = new CancellationTokenSource();

        var sending = app.Client.PostAsync(Path, Replies.Json(Chat), leaving.Token);
        await isRunning.Task;
        await leaving.CancelAsync();

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        await ended.Task;
        Assert.That((await probe.Last.Task).Ending, Is.EqualTo(CallEnding.Aborted));
    }

    [Test]
    public async Task SynchronousWriter_IsHeldUntilTheVerdict()
    {
        var isRunning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var probe = new ProbePlugin("probe", async (_, _) =>
        {
            await isRunning.Task;
            return GuardrailVerdict.Allow;
        });
        await using var app = await GuardedApp.StartAsync(Policy, [probe], e => e.MapPost(Path, (HttpContext c) =>
        {
            c.Response.Body.Write("written "u8);
            c.Response.Body.Write("synchronously"u8);
            isRunning.SetResult();
            return Task.CompletedTask;
        }));

        var (_, body) = await app.Client.PostAsync(Path, Replies.Json(Chat)).Read();

        Assert.That(body, Is.EqualTo("written synchronously"));
    }

    [Test]
    public async Task SentFile_WaitsForTheVerdictToo()
    {
        var file = System.IO.Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.txt");
        await File.WriteAllTextAsync(file, "a file");
        await using var app = await GuardedApp.StartAsync(
            Policy, [ProbePlugin.Allowing()], e => e.MapPost(Path, (HttpContext c) => c.Response.SendFileAsync(file)));

        var (_, body) = await app.Client.PostAsync(Path, Replies.Json(Chat)).Read();

        Assert.That(body, Is.EqualTo("a file"));
        File.Delete(file);
    }

    [Test]
    public async Task EndpointThatThrows_IsReportedAsItIs()
    {
        Exception? seen = null;
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [ProbePlugin.Allowing()],
            e => e.MapPost(Path, string () => throw new FormatException("original")),
            a => a.Use(async (c, next) =>
            {
                try
                {
                    await next(c);
                }
                catch (Exception exception)
                {
                    seen = exception;
                    c.Response.StatusCode = 418;
                }
            }));

        var (status, _) = await app.Client.PostAsync(Path, Replies.Json(Chat)).Read();

        Assert.That((int)status, Is.EqualTo(418));
        Assert.That(seen, Is.InstanceOf<FormatException>().With.Message.EqualTo("original"));
    }

    [Test]
    public async Task BothStages_HoldAndInspect()
    {
        var words = ProbePlugin.Words();
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("words", """["pre_request", "post_request", "pre_response", "post_response"]"""),
            [words],
            e => e.MapPost(Path, () => Results.Text("the secret")));

        var (_, body) = await app.Client.PostAsync(Path, Replies.Json(Chat)).Read();
        await words.Last.Task;

        Assert.That(body, Is.EqualTo("the ******"));
        Assert.That(words.Calls.Select(c => c.Stage), Is.EquivalentTo(Enum.GetValues<GuardrailStage>()));
    }
}
