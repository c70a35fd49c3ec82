using System.Net;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static LlmGuard.AspNetCore.Tests.Doubles.StreamedRun;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Trailers of answers that are judged while they are written.</summary>
[Parallelizable(ParallelScope.All)]
public class StreamedTrailerTests
{
    [Test]
    public async Task Stream_OverHttp2_LeavesWhileItIsWritten([Values] bool hasTrailers)
    {
        await using var run = await StreamedRun.StartAsync(
            async (c, text, goOn, rest) =>
            {
                await c.Response.WriteAsync(text);
                await c.Response.Body.FlushAsync();
                await goOn;
                await c.Response.WriteAsync(rest);
                if (hasTrailers)
                {
                    c.Response.AppendTrailer("X-End", "later");
                }
            },
            [Event("the first secret")],
            [Event(" end"), Done],
            kestrel: static k => k.ConfigureEndpointDefaults(static l => l.Protocols = HttpProtocols.Http2));
        using var response = await run.SendAsync(HttpVersion.Version20);
        var first = await run.ReadUntilAsync(response, "******");
        run.GoOn();

        Assert.That(first + await run.ReadToEndAsync(), Is.EqualTo(Event("the first ******") + Event(" end") + Done));
        Assert.That(response.TrailingHeaders.TryGetValues("X-End", out var values) ? values.Single() : null,
            Is.EqualTo(hasTrailers ? "later" : null));
    }

    [Test]
    public async Task Stream_OverHttp1_PromisesNoTrailers()
    {
        // Kestrel sends none there, so an endpoint must not be told that they will leave.
        var isPromised = true;
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("span_words", """["pre_response"]"""),
            [new SpanWordsPlugin()],
            e => e.MapPost(ChatPath, async (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                await c.Response.WriteAsync(Event("secret") + Done);
                isPromised = c.Response.SupportsTrailers();
            }));
        using var request = Request(HttpVersion.Version11);
        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo(Event("******") + Done));
        Assert.That(response.TrailingHeaders, Is.Empty);
        Assert.That(isPromised, Is.False);
    }

    [TestCase("secret")]
    [TestCase("fine")]
    public async Task Stream_WithDigestsInItsTrailers_LeavesWithoutThem(string word)
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("span_words", """["pre_response"]"""),
            [new SpanWordsPlugin()],
            e => e.MapPost(ChatPath, async (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                await c.Response.WriteAsync(Event(word) + Done);
                foreach (var digest in (string[])["Content-Digest", "Repr-Digest", "Digest", "Content-MD5"])
                {
                    c.Response.AppendTrailer(digest, "sha-256=:AAAA:");
                }

                c.Response.AppendTrailer("X-End", "later");
            }),
            kestrel: static k => k.ConfigureEndpointDefaults(static l => l.Protocols = HttpProtocols.Http2));
        using var request = Request(HttpVersion.Version20);
        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Does.EndWith(Done).And.Not.Contain("secret"));
        Assert.That(response.TrailingHeaders.Select(static h => h.Key), Is.EqualTo(new[] { "x-end" }), "other bytes may have left");
    }

    [Test]
    public async Task Stream_WhoseTrailersAnEntryWouldRead_LeavesWithoutThem()
    {
        // They come when the decision on the stream has been made.
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("span_words", """["pre_response"]"""),
            [new SpanWordsPlugin(GuardrailNeeds.Content | GuardrailNeeds.Headers)],
            static e => e.MapPost(ChatPath, static async (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                await c.Response.WriteAsync(Event("fine") + Done);
                c.Response.AppendTrailer("X-End", "the secret end");
            }),
            kestrel: static k => k.ConfigureEndpointDefaults(static l => l.Protocols = HttpProtocols.Http2));
        using var request = Request(HttpVersion.Version20);
        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo(Event("fine") + Done));
        Assert.That(response.TrailingHeaders, Is.Empty);
    }
}
