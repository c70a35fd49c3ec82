using System.IO.Compression;
using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Headers and trailers of answers, and what is negotiated by them.</summary>
public class ResponseHeadTests
{
    private static readonly string Words = GuardedApp.Policy("words", """["pre_response"]""");

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

    [TestCase(204)]
    [TestCase(205)]
    [TestCase(304)]
    public async Task AnswerThatHasNoBody_LeavesWithoutTheOneThatWasWritten(int status)
    {
        await using var app = await Start("/get", (HttpContext c) =>
        {
            c.Response.StatusCode = status;
            return c.Response.WriteAsync("text");
        });

        using var response = await app.Client.GetAsync("/get");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
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
        using var request =
            new HttpRequestMessage(HttpMethod.Get, "/get") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

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
        using var request =
            new HttpRequestMessage(HttpMethod.Get, "/get") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo("body"));
        Assert.That(response.Headers.GetValues("X-End").Concat(response.TrailingHeaders.GetValues("X-End")),
            Has.All.Contains("******").And.All.Not.Contains("secret"));
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
        Assert.That(await outside.Task.WaitAsync(TimeSpan.FromMinutes(1)), Is.EqualTo("zstd, gzip;q=0.5, br|bytes=0-3"));
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

    private static Task<GuardedApp> Start(string path, RequestDelegate endpoint, ProbePlugin? probe = null, Action<WebApplication>? before = null) =>
        GuardedApp.StartAsync(Words, [probe ?? ProbePlugin.Words()], e => e.MapGet(path, endpoint), before);
}
