using System.IO.Compression;
using System.Net;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Answers that are judged while they are written, in every way an endpoint may write one, over real sockets.</summary>
[Parallelizable(ParallelScope.All)]
public class StreamedResponseTests
{
    private const string Path = "/v1/chat/completions";

    private static readonly string Policy =
        """{ "gateway": { "name": "G", "required_plugins": [ { "name": "span_words" }, { "name": "watch", "stage": ["post_response"] } ] } }""";

    public delegate Task Writer(HttpContext context, string text, Task goOn, string rest);

    private static IEnumerable<TestCaseData> Writers()
    {
        yield return Of("asynchronous writes", static async (c, text, goOn, rest) =>
        {
            await c.Response.WriteAsync(text);
            await c.Response.Body.FlushAsync();
            await goOn;
            await c.Response.WriteAsync(rest);
        });
        yield return Of("synchronous writes and flushes", static async (c, text, goOn, rest) =>
        {
            c.Response.Body.Write(Encoding.UTF8.GetBytes(text));
            c.Response.Body.Flush();
            await goOn;
            c.Response.Body.Write(Encoding.UTF8.GetBytes(rest));
        });
        yield return Of("synchronous writes, one byte each", static async (c, text, goOn, rest) =>
        {
            c.Response.Body.Flush();
            foreach (var value in Encoding.UTF8.GetBytes(text))
            {
                c.Response.Body.WriteByte(value);
            }

            await goOn;
            c.Response.Body.Write(Encoding.UTF8.GetBytes(rest));
        });
        yield return Of("a synchronous write before an asynchronous one", static async (c, text, goOn, rest) =>
        {
            c.Response.Body.Write(Encoding.UTF8.GetBytes(text[..5]));
            await c.Response.WriteAsync(text[5..]);
            await goOn;
            await c.Response.WriteAsync(rest);
        });
        yield return Of("the pipe, flushed", static async (c, text, goOn, rest) =>
        {
            Encoding.UTF8.GetBytes(text, c.Response.BodyWriter);
            await c.Response.BodyWriter.FlushAsync();
            await goOn;
            Encoding.UTF8.GetBytes(rest, c.Response.BodyWriter);
        });
        yield return Of("memory of the pipe that is never flushed at the end", static async (c, text, goOn, rest) =>
        {
            await c.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text));
            await goOn;
            var memory = c.Response.BodyWriter.GetMemory(rest.Length);
            c.Response.BodyWriter.Advance(Encoding.UTF8.GetBytes(rest, memory.Span));
        });
        yield return Of("after its start", static async (c, text, goOn, rest) =>
        {
            await c.Response.StartAsync();
            Assert.That(c.Response.HasStarted);
            Assert.Throws<InvalidOperationException>(() => c.Response.StatusCode = 201);
            await c.Response.WriteAsync(text);
            await goOn;
            await c.Response.WriteAsync(rest);
            await c.Response.CompleteAsync();
        });
        yield return Of("without buffering", static async (c, text, goOn, rest) =>
        {
            c.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await c.Response.WriteAsync(text);
            await goOn;
            await c.Response.WriteAsync(rest);
        });
        yield return Of("a file", static async (c, text, goOn, rest) =>
        {
            var file = System.IO.Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(file, text + rest);
                await c.Response.SendFileAsync(file, 0, Encoding.UTF8.GetByteCount(text));
                await goOn;
                await c.Response.SendFileAsync(file, Encoding.UTF8.GetByteCount(text), null);
            }
            finally
            {
                File.Delete(file);
            }
        });

        static TestCaseData Of(string name, Writer writer) => new TestCaseData(writer).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Writers))]
    public async Task Stream_HoweverItIsWritten_LeavesWhileItIsAndMasked(Writer write)
    {
        await using var run = await Run.StartAsync(write, [Event("the first sec"), Event("ret ")], [Event("and the secret last"), Done]);
        using var response = await run.SendAsync();
        var first = await run.ReadUntilAsync(response, "******");
        run.GoOn();
        var all = first + await run.ReadToEndAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(all, Is.EqualTo(Event("the first ******") + Event(" ") + Event("and the ****** last") + Done));
        Assert.That((await run.Watch.Last.Task).Ending, Is.EqualTo(CallEnding.Completed));
    }

    [TestCaseSource(nameof(Writers))]
    public async Task Stream_HoweverItIsWritten_IsCutWhereItIsBlocked(Writer write)
    {
        await using var run = await Run.StartAsync(write, [Event("the first. ")], [Event("for"), Event("bidden"), Event("never"), Done]);
        using var response = await run.SendAsync();
        var first = await run.ReadUntilAsync(response, "first");
        run.GoOn();
        var all = first + await run.ReadToEndAsync();

        Assert.That(all, Does.StartWith(Event("the first. ")).And.Contain("content_filter").And.EndWith(Done).And.Not.Contain("for\"").And.Not.Contain("bidden").And.Not.Contain("never"));
        Assert.That((await run.Watch.Last.Task).Ending, Is.EqualTo(CallEnding.Blocked));
    }

    [Test]
    public async Task Stream_OverHttp2_LeavesWhileItIsWritten([Values] bool hasTrailers)
    {
        await using var run = await Run.StartAsync(
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
        Assert.That(response.TrailingHeaders.TryGetValues("X-End", out var values) ? values.Single() : null, Is.EqualTo(hasTrailers ? "later" : null));
    }

    [Test]
    public async Task Stream_OverHttp1_PromisesNoTrailers()
    {
        // Kestrel sends none there, so an endpoint must not be told that they will leave.
        var isPromised = true;
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Policy("span_words", """["pre_response"]"""),
            [new SpanWordsPlugin()],
            e => e.MapPost(Path, async (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                await c.Response.WriteAsync(Event("secret") + Done);
                isPromised = c.Response.SupportsTrailers();
            }));
        using var request = Run.Request(HttpVersion.Version11);
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
            e => e.MapPost(Path, async (HttpContext c) =>
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
        using var request = Run.Request(HttpVersion.Version20);
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
            static e => e.MapPost(Path, static async (HttpContext c) =>
            {
                c.Response.ContentType = "text/event-stream";
                await c.Response.WriteAsync(Event("fine") + Done);
                c.Response.AppendTrailer("X-End", "the secret end");
            }),
            kestrel: static k => k.ConfigureEndpointDefaults(static l => l.Protocols = HttpProtocols.Http2));
        using var request = Run.Request(HttpVersion.Version20);
        using var response = await app.Client.SendAsync(request);

        Assert.That(await Replies.Body(response), Is.EqualTo(Event("fine") + Done));
        Assert.That(response.TrailingHeaders, Is.Empty);
    }

    [Test]
    public async Task Stream_EndpointAborts_BreaksOffAndEndsOnce()
    {
        await using var run = await Run.StartAsync(
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
        await using var run = await Run.StartAsync(
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

    [TestCase("HEAD", 200)]
    [TestCase("GET", 204)]
    [TestCase("GET", 304)]
    public async Task Answer_ThatHasNoBody_PassesUnderAStreamPolicy(string method, int status)
    {
        await using var app = await GuardedApp.StartAsync(Policy, [new SpanWordsPlugin(), ProbePlugin.Allowing("watch")], e => e.MapMethods("/events", [method], async (HttpContext c) =>
        {
            c.Response.StatusCode = status;
            c.Response.ContentType = "text/event-stream";
            c.Response.Headers["X-Inner"] = "1";
            if (method == "HEAD")
            {
                await c.Response.WriteAsync(Event("for the length only"));
            }
        }));
        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/events"));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Headers.Contains("X-Inner"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Stream_CompressionOutside_CompressesEachEventAsItLeaves()
    {
        await using var run = await Run.StartAsync(
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
            Policy,
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
            Policy,
            [new SpanWordsPlugin(), ProbePlugin.Allowing("watch")],
            e => e.MapPost(Path, async (HttpContext c) =>
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
        using var request = Run.Request(HttpVersion.Version11);

        Assert.CatchAsync<HttpRequestException>(async () => await app.Client.SendAsync(request));
        Assert.That(isHeldUp);
    }

    [TestCase("application/json")]
    [TestCase("text/plain")]
    [TestCase(null)]
    public async Task Stream_UnderAnotherName_LeavesWhileItIsWritten(string? type)
    {
        await using var run = await Run.StartAsync(
            async (c, text, goOn, rest) =>
            {
                c.Response.ContentType = type;
                foreach (var piece in text.Chunk(2))
                {
                    await c.Response.WriteAsync(new string(piece));
                }

                await goOn;
                await c.Response.WriteAsync(rest);
            },
            [Event("the first secret ")],
            [Event("end"), Done],
            readsRequest: true);
        using var response = await run.SendAsync();
        var first = await run.ReadUntilAsync(response, "******");
        run.GoOn();

        Assert.That(first + await run.ReadToEndAsync(), Is.EqualTo(Event("the first ****** ") + Event("end") + Done));
    }

    [Test]
    public async Task Stream_AnswerThatIsNoneAfterAll_IsHeldAndJudgedWhole([Values] bool isBlocked)
    {
        var answer = $$$"""{"choices":[{"index":0,"message":{"role":"assistant","content":"a {{{(isBlocked ? "forbidden" : "secret")}}} word"}}]}""";
        await using var run = await Run.StartAsync(
            async (c, _, _, _) =>
            {
                c.Response.ContentType = "application/json";
                foreach (var piece in answer.Chunk(7))
                {
                    await c.Response.WriteAsync(new string(piece));
                    await c.Response.Body.FlushAsync();
                }
            },
            [],
            [],
            readsRequest: true);
        using var response = await run.SendAsync();

        Assert.That(response.StatusCode, Is.EqualTo(isBlocked ? HttpStatusCode.Forbidden : HttpStatusCode.OK));
        if (!isBlocked)
        {
            Assert.That(await Replies.Body(response), Is.EqualTo(answer.Replace("secret", "******", StringComparison.Ordinal)));
        }
    }

    private const string Done = "data: [DONE]\n\n";

    private static string Event(string text) => $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""" + "\n\n";

    /// <summary>One stream: an endpoint that writes its first part, waits, and writes the rest.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private GuardedApp _app = null!;
        private Stream _body = null!;

        public ProbePlugin Watch { get; } = ProbePlugin.Allowing("watch");

        public string Received { get; private set; } = "";

        public static async Task<Run> StartAsync(
            Writer write,
            string[] first,
            string[] rest,
            Action<WebApplication>? before = null,
            Action<IServiceCollection>? services = null,
            Action<KestrelServerOptions>? kestrel = null,
            bool readsRequest = false)
        {
            var run = new Run();
            var stages = readsRequest ? """["pre_request", "post_response"]""" : """["post_response"]""";
            run._app = await GuardedApp.StartAsync(
                Policy.Replace("""["post_response"]""", stages, StringComparison.Ordinal),
                [new SpanWordsPlugin(), run.Watch],
                e => e.MapPost(Path, (HttpContext c) =>
                {
                    c.Response.ContentType = "text/event-stream";
                    return write(c, string.Concat(first), run._goOn.Task, string.Concat(rest));
                }),
                before,
                services,
                k =>
                {
                    k.AllowSynchronousIO = true;
                    kestrel?.Invoke(k);
                });
            return run;
        }

        public static HttpRequestMessage Request(Version version) => new(HttpMethod.Post, Path)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Replies.Json("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"""),
        };

        public Task<HttpResponseMessage> SendAsync(Version? version = null, string? acceptEncoding = null)
        {
            var request = Request(version ?? HttpVersion.Version11);
            if (acceptEncoding is not null)
            {
                request.Headers.AcceptEncoding.ParseAdd(acceptEncoding);
            }

            return _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }

        /// <summary>Reads until a word is there, which the endpoint has written before it waits.</summary>
        public async Task<string> ReadUntilAsync(HttpResponseMessage response, string word)
        {
            var stream = await response.Content.ReadAsStreamAsync();
            _body = response.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            var text = new StringBuilder();
            var chunk = new byte[4096];
            while (!text.ToString().Contains(word, StringComparison.Ordinal) && await _body.ReadAsync(chunk) is > 0 and var read)
            {
                text.Append(Encoding.UTF8.GetString(chunk, 0, read));
            }

            return text.ToString();
        }

        public void GoOn() => _goOn.TrySetResult();

        public async Task<string> ReadToEndAsync()
        {
            var chunk = new byte[4096];
            while (await _body.ReadAsync(chunk) is > 0 and var read)
            {
                Received += Encoding.UTF8.GetString(chunk, 0, read);
            }

            return Received;
        }

        public ValueTask DisposeAsync()
        {
            GoOn();
            return _app.DisposeAsync();
        }
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
