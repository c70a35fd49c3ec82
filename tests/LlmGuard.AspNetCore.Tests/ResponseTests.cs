using System.IO.Compression;
using System.Net;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task StreamedAnswer_IsHeldAndInspected()
    {
        await using var app = await Start("/get", async (HttpContext c) =>
        {
            c.Response.ContentType = "text/plain";
            await c.Response.StartAsync();
            await c.Response.WriteAsync("sec");
            await c.Response.Body.FlushAsync();
            await c.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes("ret"));
            c.Response.BodyWriter.GetSpan(1)[0] = (byte)'!';
            c.Response.BodyWriter.Advance(1);
            await c.Response.CompleteAsync();
        });

        var (_, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(body, Is.EqualTo("******!"));
    }

    [Test]
    public async Task UnflushedWriter_IsNotLost()
    {
        await using var app = await Start("/get", (HttpContext c) =>
        {
            Encoding.UTF8.GetBytes("secret", c.Response.BodyWriter);
            return Task.CompletedTask;
        });

        var (_, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(body, Is.EqualTo("******"));
    }

    [Test]
    public async Task SynchronousWrites_AreInspected()
    {
        await using var app = await Start("/get", (HttpContext c) =>
        {
            c.Response.Body.Write("secret"u8);
            c.Response.Body.Flush();
            return Task.CompletedTask;
        });

        var (_, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(body, Is.EqualTo("******"));
    }

    [Test]
    public async Task SentFile_IsInspected()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.txt");
        await File.WriteAllTextAsync(path, "a secret in a file");
        await using var app = await Start("/get", (HttpContext c) => c.Response.SendFileAsync(path, 2, 6));

        var (_, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(body, Is.EqualTo("******"));
        File.Delete(path);
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    public async Task EncodedAnswer_IsDecodedInspectedAndSentDecoded(string coding)
    {
        await using var app = await Start("/get", async (HttpContext c) =>
        {
            c.Response.Headers.ContentEncoding = coding;
            c.Response.Headers.ETag = "\"1\"";
            var bytes = EncodedBody.Of(coding, "the secret");
            c.Response.ContentLength = bytes.Length;
            await c.Response.Body.WriteAsync(bytes);
        });

        using var response = await app.Client.GetAsync("/get");

        Assert.That(await Replies.Body(response), Is.EqualTo("the ******"));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(10));
        Assert.That(response.Headers.ETag, Is.Null);
    }

    [Test]
    public async Task UndecodableAnswer_Is502()
    {
        await using var app = await Start("/get", async (HttpContext c) =>
        {
            c.Response.Headers.ContentEncoding = "zstd";
            await c.Response.WriteAsync("whatever");
        });

        var (status, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(body, Does.Contain("guardrail_output_uninspectable"));
    }

    [Test]
    public async Task PartialAnswer_Is502()
    {
        await using var app = await Start("/get", async (HttpContext c) =>
        {
            c.Response.StatusCode = 206;
            await c.Response.WriteAsync("half a sec");
        });

        var (status, _) = await app.Client.GetAsync("/get").Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    [Test]
    public async Task OversizeAnswer_Is502AndStopsTheEndpoint()
    {
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g", "limits": { "max_body_bytes": 10000 }, "required_plugins": [ { "name": "words", "stage": "pre_response" } ] } }""",
            [ProbePlugin.Words()],
            e => e.MapGet("/endless", async (HttpContext c) =>
            {
                try
                {
                    while (true)
                    {
                        await c.Response.WriteAsync(new string('x', 1000));
                    }
                }
                finally
                {
                    stopped.SetResult(c.RequestAborted.IsCancellationRequested);
                }
            }));

        var (status, body) = await app.Client.GetAsync("/endless").Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(body, Does.Not.Contain("xxx"));
        Assert.That(await stopped.Task, Is.True);
    }

    [Test]
    public async Task AnswerWithoutRoom_Is503()
    {
        await using var app = await GuardedApp.StartAsync(
            Words,
            [ProbePlugin.Words()],
            e => e.MapGet("/get", () => new string('x', 20_000)),
            services: s => s.Configure<AiGuardrailsOptions>(o => o.MaxHeldBytes = 8192));

        using var response = await app.Client.GetAsync("/get");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task Head_HasNoBodyAndKeepsItsHeaders()
    {
        await using var app = await GuardedApp.StartAsync(Words, [ProbePlugin.Words()], e => e.MapMethods("/get", ["HEAD"], async (HttpContext c) =>
        {
            c.Response.ContentLength = 9;
            await c.Response.WriteAsync("forbidden");
        }));
        using var request = new HttpRequestMessage(HttpMethod.Head, "/get");

        using var response = await app.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(9));
    }

    [TestCase(204)]
    [TestCase(304)]
    [TestCase(404)]
    public async Task EmptyAnswer_Passes(int status)
    {
        await using var app = await Start("/get", (HttpContext c) =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers["X-Inner"] = "1";
            return Task.CompletedTask;
        });

        using var response = await app.Client.GetAsync("/get");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Headers.Contains("X-Inner"), Is.True);
    }

    [Test]
    public async Task ResponseHeaders_AreSegments()
    {
        var words = ProbePlugin.Words(needs: GuardrailNeeds.Content | GuardrailNeeds.Headers);
        await using var app = await Start(
            "/get",
            async (HttpContext c) =>
            {
                c.Response.OnStarting(() =>
                {
                    c.Response.Headers["X-Late"] = "late secret";
                    return Task.CompletedTask;
                });
                c.Response.Headers["X-Note"] = "a secret";
                await c.Response.WriteAsync("fine");
            },
            probe: words);

        using var response = await app.Client.GetAsync("/get");

        Assert.That(response.Headers.GetValues("X-Note").Single(), Is.EqualTo("a ******"));
        Assert.That(response.Headers.GetValues("X-Late").Single(), Is.EqualTo("late ******"));
    }

    [Test]
    public async Task Trailers_AreSegments()
    {
        var words = ProbePlugin.Words(needs: GuardrailNeeds.Content | GuardrailNeeds.Headers);
        await using var app = await GuardedApp.StartAsync(
            Words,
            [words],
            e => e.MapGet("/get", async (HttpContext c) =>
            {
                c.Response.DeclareTrailer("X-End");
                await c.Response.WriteAsync("body");
                c.Response.AppendTrailer("X-End", "the secret end");
            }),
            kestrel: k => k.ConfigureEndpointDefaults(l => l.Protocols = HttpProtocols.Http2));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo("body"));
        Assert.That(response.TrailingHeaders.GetValues("X-End").Single(), Is.EqualTo("the ****** end"));
    }

    [Test]
    public async Task Trailer_WithTheNameOfAHeader_IsMaskedAndSoIsTheHeader()
    {
        var words = ProbePlugin.Words(needs: GuardrailNeeds.Content | GuardrailNeeds.Headers);
        await using var app = await GuardedApp.StartAsync(
            Words,
            [words],
            e => e.MapGet("/get", async (HttpContext c) =>
            {
                c.Response.Headers["X-End"] = "the secret start";
                await c.Response.WriteAsync("body");
                c.Response.AppendTrailer("X-End", "the secret end");
            }),
            kestrel: k => k.ConfigureEndpointDefaults(l => l.Protocols = HttpProtocols.Http2));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo("body"));
        Assert.That(response.Headers.GetValues("X-End").Concat(response.TrailingHeaders.GetValues("X-End")), Has.All.Contains("******").And.All.Not.Contains("secret"));
    }

    [Test]
    public async Task Negotiation_IsCutForTheEndpointAndRestoredOutside()
    {
        // The answer may be with the caller before the middleware goes on.
        var outside = new TaskCompletionSource<string>();
        await using var app = await Start(
            "/get",
            (HttpContext c) => c.Response.WriteAsync(
                $"{c.Request.Headers.AcceptEncoding}|{c.Request.Headers.Range}{c.Request.Headers.IfNoneMatch}{c.Request.Headers.IfModifiedSince}"),
            before: a => a.Use(async (c, next) =>
            {
                await next(c);
                outside.SetResult($"{c.Request.Headers.AcceptEncoding}|{c.Request.Headers.Range}");
            }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "zstd, gzip;q=0.5, br");
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-3");
        request.Headers.TryAddWithoutValidation("If-None-Match", "\"1\"");
        request.Headers.TryAddWithoutValidation("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT");

        var (_, body) = await app.Client.SendAsync(request).Read();

        Assert.That(body, Is.EqualTo("gzip;q=0.5, br|"));
        Assert.That(await outside.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo("zstd, gzip;q=0.5, br|bytes=0-3"));
    }

    [Test]
    public async Task CompressionOutside_CompressesTheInspectedAnswer()
    {
        await using var app = await GuardedApp.StartAsync(
            Words,
            [ProbePlugin.Words()],
            e => e.MapGet("/get", (HttpContext c) =>
            {
                c.Response.ContentType = "text/plain";
                return c.Response.WriteAsync("the secret " + new string('x', 5000));
            }),
            a => a.UseResponseCompression(),
            s => s.AddResponseCompression());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get");
        request.Headers.AcceptEncoding.Add(new("gzip"));

        using var response = await app.Client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        using var decoded = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        Assert.That(await decoded.ReadToEndAsync(), Does.StartWith("the ****** xxx"));
    }

    [Test]
    public async Task CompressionInside_IsUndone()
    {
        await using var app = await GuardedApp.StartAsync(
            Words,
            [ProbePlugin.Words()],
            e =>
            {
                e.UseResponseCompression();
                e.MapGet("/get", (HttpContext c) =>
                {
                    c.Response.ContentType = "text/plain";
                    return c.Response.WriteAsync("the secret " + new string('x', 5000));
                });
            },
            services: s => s.AddResponseCompression());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get");
        request.Headers.AcceptEncoding.Add(new("gzip"));

        using var response = await app.Client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(await Replies.Body(response), Does.StartWith("the ****** xxx"));
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
        var probe = new ProbePlugin("words", static (call, _) => ValueTask.FromResult(call.UpstreamStatus == 202 ? GuardrailVerdict.Block() : GuardrailVerdict.Allow))
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
