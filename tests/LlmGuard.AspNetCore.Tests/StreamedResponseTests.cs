using System.Net;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using static LlmGuard.AspNetCore.Tests.Doubles.StreamedRun;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Answers that are judged while they are written, in every way an endpoint may write one, over real sockets.</summary>
[Parallelizable(ParallelScope.All)]
public class StreamedResponseTests
{
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
        await using var run = await StreamedRun.StartAsync(write, [Event("the first sec"), Event("ret ")], [Event("and the secret last"), Done]);
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
        await using var run = await StreamedRun.StartAsync(write, [Event("the first. ")], [Event("for"), Event("bidden"), Event("never"), Done]);
        using var response = await run.SendAsync();
        var first = await run.ReadUntilAsync(response, "first");
        run.GoOn();
        var all = first + await run.ReadToEndAsync();

        Assert.That(all,
            Does.StartWith(Event("the first. ")).And.Contain("content_filter").And.EndWith(Done).And.Not.Contain("for\"").And.Not.Contain(
            "bidden").And.Not.Contain("never"));
        Assert.That((await run.Watch.Last.Task).Ending, Is.EqualTo(CallEnding.Blocked));
    }

    [TestCase("HEAD", 200)]
    [TestCase("GET", 204)]
    [TestCase("GET", 304)]
    public async Task Answer_ThatHasNoBody_PassesUnderAStreamPolicy(string method, int status)
    {
        await using var app = await GuardedApp.StartAsync(SpanPolicy, [new SpanWordsPlugin(), ProbePlugin.Allowing("watch")], e =>
            e.MapMethods("/events", [method], async (HttpContext c) =>
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

    [TestCase("application/json")]
    [TestCase("text/plain")]
    [TestCase(null)]
    public async Task Stream_UnderAnotherName_LeavesWhileItIsWritten(string? type)
    {
        await using var run = await StreamedRun.StartAsync(
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
        await using var run = await StreamedRun.StartAsync(
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
}
