using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using static LlmGuard.AspNetCore.Tests.Doubles.StreamedRun;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Answers that are judged while they are written, under endpoints that break off and middleware that stores, packs or holds up.</summary>
[Parallelizable(ParallelScope.All)]
public class StreamedPipelineTests
{
    [Test]
    public async Task Stream_EndpointAborts_BreaksOffAndEndsOnce()
    {
        await using var run = await StreamedRun.StartAsync(
            static async (c, text, goOn, rest) =>
            {
                await c.Response.WriteAsync(text);
                await goOn;
                var isGone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var gone = c.RequestAborted.Register(isGone.SetResult);
                c.Abort();
                await isGone.Task;
                await c.Response.WriteAsync(rest);
            },
            [Event("the first")],
            [Event("never")]);
        using var response = await run.SendAsync();
        await run.ReadUntilAsync(response, "first");
        run.GoOn();

        Assert.CatchAsync<IOException>(run.ReadToEndAsync);
        Assert.That((await run.Watch.Last.Task).Ending, Is.EqualTo(CallEnding.Aborted));
        Assert.That(run.Watch.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_EndpointThrowsAfterTheFirstByte_BreaksOffWithoutWhatWasHeld()
    {
        Exception? seen = null;
        await using var run = await StreamedRun.StartAsync(
            static async (c, text, goOn, rest) =>
            {
                await c.Response.WriteAsync(text);
                await goOn;
                await c.Response.WriteAsync(rest);
                throw new InvalidTimeZoneException("of the endpoint");
            },
            [Event("the first ")],
            [Event("sec")],
            before: a => a.Use(async (c, next) =>
            {
                try
                {
                    await next(c);
                }
                catch (InvalidTimeZoneException e)
                {
                    seen = e;
                    throw;
                }
            }));
        using var response = await run.SendAsync();
        var first = await run.ReadUntilAsync(response, "first");
        run.GoOn();

        Assert.CatchAsync<IOException>(run.ReadToEndAsync);
        Assert.That(first + run.Received, Does.Not.Contain("sec"));
        Assert.That((await run.Watch.Last.Task).Ending, Is.EqualTo(CallEnding.UpstreamFailed));
        Assert.That(seen?.Message, Is.EqualTo("of the endpoint"), "rethrown unchanged");
    }

    [Test]
    public async Task Stream_CompressionOutside_CompressesEachEventAsItLeaves()
    {
        await using var run = await StreamedRun.StartAsync(
            static async (c, text, goOn, rest) =>
            {
                await c.Response.WriteAsync(text);
                await c.Response.Body.FlushAsync();
                await goOn;
                await c.Response.WriteAsync(rest);
            },
            [Event("the first secret ")],
            [Event("end"), Done],
            before: static a => a.UseResponseCompression(),
            services: static s => s.AddResponseCompression(static o => o.MimeTypes = ["text/event-stream"]));
        using var response = await run.SendAsync(acceptEncoding: "gzip");
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        var first = await run.ReadUntilAsync(response, "******");
        run.GoOn();

        Assert.That(first + await run.ReadToEndAsync(), Is.EqualTo(Event("the first ****** ") + Event("end") + Done));
    }

    [Test]
    public async Task Stream_OutputCachingOutside_KeepsWhatLeft()
    {
        var runs = 0;
        await using var app = await GuardedApp.StartAsync(
            SpanPolicy,
            [new SpanWordsPlugin(), ProbePlugin.Allowing("watch")],
            e => e.MapGet("/events", async (HttpContext c) =>
            {
                runs++;
                c.Response.ContentType = "text/event-stream";
                await c.Response.WriteAsync("data: the sec\n\n");
                await c.Response.Body.FlushAsync();
                await c.Response.WriteAsync("data: ret\n\n");
            }).CacheOutput(),
            before: static a =>
            {
                a.UseRouting();
                a.UseOutputCache();
            },
            services: static s => s.AddOutputCache());

        var (_, fresh) = await app.Client.GetAsync("/events").Read();
        var (_, cached) = await app.Client.GetAsync("/events").Read();

        Assert.That(fresh, Is.EqualTo("data: the ******\n\ndata: \n\n"));
        Assert.That(cached, Is.EqualTo(fresh));
        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Stream_CallerWhoTakesNothing_HoldsTheWriterUp()
    {
        var outlet = new StuckStream();
        var isHeldUp = false;
        await using var app = await GuardedApp.StartAsync(
            SpanPolicy,
            [new SpanWordsPlugin(), ProbePlugin.Allowing("watch")],
            e => e.MapPost(ChatPath, async (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                var write = c.Response.WriteAsync(Event("first"));
                await outlet.IsStuck.Task;

                // Nobody reads: nothing more than what was written is kept, because its writer waits.
                isHeldUp = !write.IsCompleted;
                c.Abort();
            }),
            before: a => a.Use((c, next) =>
            {
                c.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(outlet));
                return next(c);
            }));
        using var request = Request(HttpVersion.Version11);

        Assert.CatchAsync<HttpRequestException>(async () => await app.Client.SendAsync(request));
        Assert.That(isHeldUp);
    }

    /// <summary>A connection whose other side has stopped reading.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public TaskCompletionSource IsStuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsStuck.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
