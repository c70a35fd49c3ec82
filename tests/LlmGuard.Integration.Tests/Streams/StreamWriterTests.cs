using System.Buffers;
using System.Net;
using System.Text;
using LlmGuard.Execution.Background;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Streams;

/// <summary>
/// However an application writes its stream, over Kestrel: the caller gets every event once, in order and masked, and nothing hangs.
/// </summary>
[CancelAfter(120_000)]
internal sealed class StreamWriterTests
{
    private const string Request = """{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    private const string Masks = """{ "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true } }""";

    private const string Blocks = """
        {
          "name": "data_masking", "stage": "pre_response",
          "settings": { "rules": [ { "pattern": "Bluebird", "type": "keyword", "mask_with": "*", "action": "block" } ] }
        }
        """;

    private static readonly string[] Words = ["write ", "to ", "a.", "b@c", ".de", " now", ", or ", "not. "];

    private static readonly Dictionary<string, Func<HttpContext, IReadOnlyList<byte[]>, Task>> Writers = new()
    {
        ["Body.WriteAsync"] = static async (context, events) =>
        {
            foreach (var bytes in events)
            {
                await context.Response.Body.WriteAsync(bytes);
            }
        },
        ["Response.WriteAsync"] = static async (context, events) =>
        {
            foreach (var bytes in events)
            {
                await context.Response.WriteAsync(Encoding.UTF8.GetString(bytes));
            }
        },
        ["GetMemory, Advance, FlushAsync"] = static async (context, events) =>
        {
            foreach (var bytes in events)
            {
                bytes.CopyTo(context.Response.BodyWriter.GetMemory(bytes.Length));
                context.Response.BodyWriter.Advance(bytes.Length);
                await context.Response.BodyWriter.FlushAsync();
            }
        },
        ["GetSpan, never flushed"] = static (context, events) =>
        {
            foreach (var bytes in events)
            {
                context.Response.BodyWriter.Write(bytes);
            }

            return Task.CompletedTask;
        },
        ["BodyWriter.WriteAsync"] = static async (context, events) =>
        {
            foreach (var bytes in events)
            {
                await context.Response.BodyWriter.WriteAsync(bytes);
            }

            await context.Response.BodyWriter.CompleteAsync();
        },
        ["Body.Write and Flush"] = static (context, events) =>
        {
            foreach (var bytes in events)
            {
                context.Response.Body.Write(bytes);
                context.Response.Body.Flush();
            }

            return Task.CompletedTask;
        },
        ["SendFileAsync"] = static async (context, events) =>
        {
            var file = Path.GetTempFileName();
            await File.WriteAllBytesAsync(file, [.. events.SelectMany(static e => e)]);
            await context.Response.SendFileAsync(file);
            File.Delete(file);
        },
        ["StartAsync, CompleteAsync"] = static async (context, events) =>
        {
            await context.Response.StartAsync();
            await context.Response.Body.WriteAsync(events.SelectMany(static e => e).ToArray());
            await context.Response.CompleteAsync();
        },
        ["DisableBuffering, as proxies do"] = static async (context, events) =>
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await context.Response.StartAsync(timeout.Token);
            foreach (var bytes in events)
            {
                await context.Response.Body.WriteAsync(bytes, timeout.Token);
                await context.Response.Body.FlushAsync(timeout.Token);
            }
        },
    };

    private static readonly Dictionary<string, Action<HttpContext, byte[]>> Careless = new()
    {
        ["Response.WriteAsync"] = static (context, bytes) => _ = context.Response.WriteAsync(Encoding.UTF8.GetString(bytes)),
        ["BodyWriter.FlushAsync"] = static (context, bytes) =>
        {
            context.Response.BodyWriter.Write(bytes);
            _ = context.Response.BodyWriter.FlushAsync().AsTask();
        },
        ["Body.WriteAsync"] = static (context, bytes) =>
        {
            var memory = bytes.ToArray();
            _ = context.Response.Body.WriteAsync(memory).AsTask();
            memory.AsSpan().Clear();
        },
    };

    private static IEnumerable<string> WriterNames => Writers.Keys;

    private static IEnumerable<string> CarelessNames => Careless.Keys;

    [TestCaseSource(nameof(WriterNames))]
    public async Task Stream_WrittenInAnyWay_ArrivesWholeAndMasked(string writer)
    {
        await using var app = await StartAsync(Masks, context => Writers[writer](context, Events(400)));
        using var response = await AskAsync(app);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Masked(400)));
    }

    [Test]
    public async Task Stream_FiveMegabytesAtOnce_ArriveWholeAndMasked()
    {
        var all = Events(40_000).SelectMany(static e => e).ToArray();
        await using var app = await StartAsync(Masks, context => context.Response.Body.WriteAsync(all).AsTask());
        using var response = await AskAsync(app);
        Assert.That(await response.Content.ReadAsStringAsync() == Masked(40_000));
    }

    [TestCaseSource(nameof(CarelessNames))]
    public async Task Stream_WrittenWithoutWaitingForACallerThatDoesNotRead_ArrivesWholeAndMasked(string writer)
    {
        var written = Signal();
        await using var app = await StartAsync(Masks, async context =>
        {
            await context.Response.StartAsync();
            foreach (var bytes in Events(30_000))
            {
                Careless[writer](context, bytes);
            }

            written.SetResult();
        });
        using var response = await AskAsync(app);
        await written.Task;
        Assert.That(await response.Content.ReadAsStringAsync() == Masked(30_000));
        await AssertNothingHeldAsync(app);
    }

    [Test]
    public async Task Stream_EndpointThatThrowsWhileItsWritesWait_BreaksOff()
    {
        var thrown = Signal();
        await using var app = await StartAsync(Masks, async context =>
        {
            await context.Response.StartAsync();
            foreach (var bytes in Events(30_000))
            {
                Careless["Body.WriteAsync"](context, bytes);
            }

            thrown.SetResult();
            throw new InvalidTimeZoneException();
        });
        using var response = await AskAsync(app);
        await thrown.Task;
        Assert.CatchAsync(() => response.Content.ReadAsStringAsync());
        await AssertNothingHeldAsync(app);
    }

    [Test]
    public async Task Stream_CallerThatGoesWhileAWriteWaits_LetsTheEndpointGo([Values] bool isSynchronous, [Values] bool isBlocking)
    {
        var ended = Signal();
        await using var app = await StartAsync(isBlocking ? Blocks : Masks, async context =>
        {
            var events = Events(100).SelectMany(static e => e).ToArray();
            while (!context.RequestAborted.IsCancellationRequested)
            {
                if (isSynchronous)
                {
                    await Task.Run(() => context.Response.Body.Write(events));
                }
                else
                {
                    await context.Response.Body.WriteAsync(events);
                }
            }

            ended.SetResult();
        });
        using (var response = await AskAsync(app))
        {
            var stream = await response.Content.ReadAsStreamAsync();
            Assert.That(await stream.ReadAsync(new byte[100]), Is.GreaterThan(0));
        }

        await ended.Task;
        await AssertNothingHeldAsync(app);
    }

    [Test]
    public async Task Stream_EndpointThatWaitsForTheCallerBetweenItsWrites_IsNotHeldUp([Values] bool isBlocking)
    {
        var (hasHead, hasEvent, hasAll) = (Signal(), Signal(), Signal());
        await using var app = await StartAsync(isBlocking ? Blocks : Masks, async context =>
        {
            await context.Response.StartAsync();
            await hasHead.Task;
            var (first, second) = (StreamedModel.Delta("Hello. "), StreamedModel.Delta("You. "));
            await context.Response.WriteAsync(first + second[..30]);
            await hasEvent.Task;
            await context.Response.WriteAsync(second[30..] + StreamedModel.Done);
            await context.Response.CompleteAsync();
            await hasAll.Task;
        });
        using var response = await AskAsync(app);
        hasHead.SetResult();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        while (!text.ToString().Contains("Hello. ", StringComparison.Ordinal))
        {
            text.AppendLine(await reader.ReadLineAsync());
        }

        hasEvent.SetResult();
        text.Append(await reader.ReadToEndAsync());
        hasAll.SetResult();
        Assert.That(text.ToString(), Does.Contain("You. ").And.Contain("[DONE]"));
    }

    [Test]
    public async Task Stream_WriterThatGivesAWriteUp_TearsNothing()
    {
        var written = Signal();
        await using var app = await StartAsync(Masks, async context =>
        {
            await context.Response.StartAsync();
            foreach (var bytes in Events(30_000).Chunk(100).Select(static chunk => chunk.SelectMany(static e => e).ToArray()))
            {
                using var patience = new CancellationTokenSource();
                var writing = context.Response.Body.WriteAsync(bytes, patience.Token).AsTask();
                await patience.CancelAsync();
                await writing.ContinueWith(static _ => { }, TaskScheduler.Default);
                bytes.AsSpan().Clear();
            }

            written.SetResult();
        });
        using var response = await AskAsync(app);
        await written.Task;
        Assert.That(await response.Content.ReadAsStringAsync() == Masked(30_000));
    }

    private static Task<LoopbackApp> StartAsync(string entries, Func<HttpContext, Task> answer) => LoopbackApp.StartAsync(
        builder => builder.Services
            .AddAiGuardrails(options => options.PolicyJson = $$"""{ "gateway": { "name": "G", "required_plugins": [ {{entries}} ] } }""")
            .AddDataMasking(),
        app =>
        {
            app.UseAiGuardrails();
            app.Run(context =>
            {
                context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
                context.Response.ContentType = "text/event-stream";
                return answer(context);
            });
        });

    private static async Task<HttpResponseMessage> AskAsync(LoopbackApp app)
    {
        var client = new HttpClient { BaseAddress = app.Url };
        var response = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(Request, Encoding.UTF8, "application/json"),
            },
            HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return response;
    }

    private static async Task AssertNothingHeldAsync(LoopbackApp app)
    {
        var budget = app.Services.GetRequiredService<HeldBytesBudget>();
        Assert.That(await Poll.UntilAsync(() => budget.Held == 0));
    }

    private static List<byte[]> Events(int count) =>
        [.. Enumerable.Range(0, count).Select(static n => StreamedModel.Delta(WordAt(n))).Append(StreamedModel.Done).Select(Encoding.UTF8.GetBytes)];

    // The mask stands in the event that holds the first byte of what it stands for.
    private static string Masked(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(static n => StreamedModel.Delta(MaskedAt(n)))) + StreamedModel.Done;

    private static string WordAt(int n) => Words[n % Words.Length];

    private static string MaskedAt(int n) => WordAt(n) switch
    {
        "a." => "[MASKED_EMAIL]",
        "b@c" or ".de" => "",
        var word => word,
    };

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
