using System.Net;
using System.Text;
using LlmGuard.Http.Tests.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Streams whose Content-Type says something else, or nothing, through the client's seam.</summary>
internal sealed class UntoldAnswerTests
{
    // The second entry reads the request, so that it is known to ask for a stream.
    private const string Mask = """{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ { "type": "keyword", "pattern": "peach", "mask_with": "[X]" } ] } }, { "name": "word", "stage": "pre_request" }""";
    private const string ChatRequest = """{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""";
    private const string GeminiPath = "/v1beta/models/gemini-pro:streamGenerateContent";
    private const string GeminiRequest = """{"contents":[{"parts":[{"text":"hi"}]}]}""";

    private static readonly string[] ChatEvents =
    [
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"first peach, \"}}]}\n\n",
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"last.\"}}]}\n\ndata: [DONE]\n\n",
    ];

    private static readonly string[] OllamaLines =
    [
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"first peach, \"},\"done\":false}\n{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"and \"},\"done\":false}\n",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"last.\"},\"done\":true}\n",
    ];

    private static readonly string[] GeminiItems =
    [
        "[{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"first peach, \"}]}}]}",
        ",\r\n{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"last.\"}]},\"finishReason\":\"STOP\"}]}]",
    ];

    private static IEnumerable<TestCaseData> Streams()
    {
        foreach (var type in (string?[])["application/json", "text/plain; charset=utf-8", "application/octet-stream", null])
        {
            foreach (var coding in (string?[])[null, "gzip", "deflate", "br"])
            {
                yield return Of("chat", "/v1/chat/completions", ChatRequest, ChatEvents);
                yield return Of("ollama", "/api/chat", """{"model":"m","messages":[{"role":"user","content":"hi"}]}""", OllamaLines);
                yield return Of("gemini", GeminiPath, GeminiRequest, GeminiItems);

                TestCaseData Of(string name, string path, string request, string[] pieces) =>
                    new TestCaseData(path, request, pieces, type, coding).SetArgDisplayNames(name, type ?? "no type", coding ?? "plain");
            }
        }
    }

    [TestCaseSource(nameof(Streams))]
    public async Task Send_StreamUnderAnotherName_LeavesWhileItArrives(string path, string request, string[] pieces, string? type, string? coding)
    {
        var feed = new FeedStream();
        await using var guarded = new GuardedClient(Mask, _ => Answer(feed, type, coding), configureServices: Masking);
        using var encoder = new Flushing(feed, coding);
        encoder.Send(pieces[0]);
        using var response = await SendAsync(guarded, path, request);
        var stream = await response.Content.ReadAsStreamAsync();
        var first = await ReadUntilAsync(stream, "first");
        Assert.That(first, Does.Contain("first [X]"), "while the upstream still writes");

        encoder.Send(pieces[1]);
        encoder.End();
        var all = first + await new StreamReader(stream).ReadToEndAsync();
        Assert.That(all, Is.EqualTo(string.Concat(pieces).Replace("peach", "[X]", StringComparison.Ordinal)));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo(type));
    }

    [TestCase("{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a peach\"}}]}", "application/json",
        TestName = "a whole answer")]
    [TestCase("{\n \"id\":\"c\",\n \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a peach\"}}]}", "application/json",
        TestName = "a whole answer in lines")]
    [TestCase("a peach that is no JSON", "text/plain", TestName = "a text")]
    [TestCase("dates: a peach", "text/plain", TestName = "a text that begins almost like an event")]
    public async Task Send_AnswerThatIsNoStream_IsHeldAndMaskedAsAWhole(string answer, string type)
    {
        var feed = new FeedStream();
        await using var guarded = new GuardedClient(Mask, _ => Answer(feed, type, null), configureServices: Masking);
        var sending = SendAsync(guarded, "/v1/chat/completions", ChatRequest);
        foreach (var piece in answer.Chunk(3))
        {
            feed.Send(new string(piece));
        }

        Assert.That(sending.IsCompleted, Is.False, "nothing is handed on before the end");
        feed.End();
        using var response = await sending;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(answer.Replace("peach", "[X]", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Send_AnswerThatNeverShowsItsForm_IsHeldUpToTheCapAndNeverPassed()
    {
        var feed = new FeedStream();
        await using var guarded = new GuardedClient(
            Mask, _ => Answer(feed, "application/json", null), gateway: """ "limits": { "max_body_bytes": 200000 }, """, configureServices: Masking);
        feed.Send(new string(' ', 150_000));
        feed.Send(ChatEvents[0]);
        feed.Send(new string(' ', 150_000));
        feed.End();
        using var response = await SendAsync(guarded, "/v1/chat/completions", ChatRequest);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("guardrail_output_uninspectable").And.Not.Contain("first"));
    }

    [Test]
    public async Task Send_StreamNobodyAskedFor_IsRefusedAsTheJsonItSaysItIs()
    {
        var feed = new FeedStream();
        await using var guarded = new GuardedClient(Mask, _ => Answer(feed, "application/json", null), configureServices: Masking);
        feed.Send(string.Concat(ChatEvents));
        feed.End();
        using var response = await SendAsync(guarded, "/v1/chat/completions", ChatRequest.Replace("true", "false", StringComparison.Ordinal));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    [Test]
    public async Task Send_BlockInAnArray_EndsAsOne()
    {
        var feed = new FeedStream();
        const string Block = """{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ { "type": "keyword", "pattern": "last", "mask_with": "[Y]", "action": "block" } ] } }""";
        await using var guarded = new GuardedClient(Block, _ => Answer(feed, "application/json; charset=UTF-8", null), configureServices: Masking);
        feed.Send(GeminiItems[0]);
        using var response = await SendAsync(guarded, GeminiPath, GeminiRequest);
        feed.Send(GeminiItems[1]);
        using var items = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(items.RootElement.GetArrayLength(), Is.EqualTo(2));
            Assert.That(items.RootElement[1].GetProperty("candidates")[0].GetProperty("finishReason").GetString(), Is.EqualTo("SAFETY"));
            Assert.That(items.RootElement[1].GetProperty("modelVersion").GetString(), Is.EqualTo("gemini-pro"), "the path names the model");
            Assert.That(feed.IsDisposed, "the upstream need not go on");
        }
    }

    [Test]
    public async Task Send_CallerGoesWhileTheFormIsUnknown_LeavesTheUpstream()
    {
        var feed = new FeedStream();
        await using var guarded = new GuardedClient(Mask, _ => Answer(feed, "application/json", null), configureServices: Masking);
        using var caller = new CancellationTokenSource();
        feed.Send("  ");
        var sending = SendAsync(guarded, "/v1/chat/completions", ChatRequest, caller.Token);
        await caller.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(async () => await sending);
        Assert.That(feed.IsDisposed);
    }

    private static void Masking(IAiGuardrailsBuilder builder) => builder.AddDataMasking();

    private static async Task<string> ReadUntilAsync(Stream stream, string word)
    {
        var text = new StringBuilder();
        var chunk = new byte[4096];
        while (!text.ToString().Contains(word, StringComparison.Ordinal) && await stream.ReadAsync(chunk) is > 0 and var read)
        {
            text.Append(Encoding.UTF8.GetString(chunk, 0, read));
        }

        return text.ToString();
    }

    private static HttpResponseMessage Answer(FeedStream feed, string? type, string? coding)
    {
        var content = new StreamContent(feed);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (coding is not null)
        {
            content.Headers.ContentEncoding.Add(coding);
        }

        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static Task<HttpResponseMessage> SendAsync(GuardedClient guarded, string path, string body,
        CancellationToken cancellationToken = default) => guarded.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead,
        cancellationToken);

    /// <summary>Encodes what is sent, each piece so that it can be decoded at once.</summary>
    private sealed class Flushing : IDisposable
    {
        private readonly FeedStream _feed;
        private readonly MemoryStream _bytes = new();
        private readonly Stream _encoder;

        public Flushing(FeedStream feed, string? coding)
        {
            _feed = feed;
            _encoder = coding switch
            {
                "gzip" => new System.IO.Compression.GZipStream(_bytes, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new System.IO.Compression.DeflateStream(_bytes, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
                "br" => new System.IO.Compression.BrotliStream(_bytes, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true),
                _ => _bytes,
            };
        }

        public void Send(string text)
        {
            _encoder.Write(Encoding.UTF8.GetBytes(text));
            _encoder.Flush();
            Pass();
        }

        public void End()
        {
            _encoder.Dispose();
            Pass();
            _feed.End();
        }

        public void Dispose()
        {
            _encoder.Dispose();
            _bytes.Dispose();
        }

        private void Pass()
        {
            var bytes = _bytes.ToArray();
            if (bytes.Length > 0)
            {
                _feed.Send(bytes);
                _bytes.SetLength(0);
            }
        }
    }
}
