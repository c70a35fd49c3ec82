using System.Net;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Answers in every way an endpoint may write one, and those that cannot be read.</summary>
public class ResponseWritingTests
{
    private static readonly string Words = GuardedApp.Policy("words", """["pre_response"]""");

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
    public async Task EncodedAnswer_OfWhichNothingIsMasked_IsSentDecodedToo()
    {
        await using var app = await Start("/get", async (HttpContext c) =>
        {
            c.Response.Headers.ContentEncoding = "gzip";
            c.Response.Headers.ETag = "\"1\"";
            await c.Response.Body.WriteAsync(EncodedBody.Of("gzip", "nothing in it"));
        });

        using var response = await app.Client.GetAsync("/get");

        Assert.That(await Replies.Body(response), Is.EqualTo("nothing in it"));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
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
    public async Task OversizeAnswer_OfWhichOnlyHeadersAreRead_Is502ThatNamesTheLimit()
    {
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g", "limits": { "max_body_bytes": 10000 }, "required_plugins": [ { "name": "words", "stage": "pre_response" } ] } }""",
            [ProbePlugin.Words(needs: GuardrailNeeds.Headers)],
            e => e.MapGet("/get", () => new string('x', 20_000)));

        var (status, body) = await app.Client.GetAsync("/get").Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(body, Does.Contain("guardrail_output_uninspectable").And.Contain(
            "The answer could not be inspected: it is longer than the 10000 bytes that the policy allows (max_body_bytes)."));
    }

    [Test]
    public async Task AnswerWithoutRoom_OfWhichOnlyHeadersAreRead_Is503()
    {
        await using var app = await GuardedApp.StartAsync(
            Words,
            [ProbePlugin.Words(needs: GuardrailNeeds.Headers)],
            e => e.MapGet("/get", () => new string('x', 20_000)),
            services: s => s.Configure<AiGuardrailsOptions>(o => o.MaxHeldBytes = 8192));

        using var response = await app.Client.GetAsync("/get");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
        Assert.That(await Replies.Body(response), Does.Contain("guardrail_unavailable").And.Not.Contain("max_body_bytes"));
    }

    private static Task<GuardedApp> Start(string path, RequestDelegate endpoint, ProbePlugin? probe = null, Action<WebApplication>? before = null) =>
        GuardedApp.StartAsync(Words, [probe ?? ProbePlugin.Words()], e => e.MapGet(path, endpoint), before);
}
