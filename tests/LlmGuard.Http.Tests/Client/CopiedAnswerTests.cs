using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Answers that only entries which change nothing read reach the caller as they come; a copy is judged once they are read.</summary>
[CancelAfter(60_000)]
internal sealed class CopiedAnswerTests
{
    private const string First = """data: {"id":"c","choices":[{"index":0,"delta":{"content":"one "},"finish_reason":null}]}""" + "\n\n";
    private const string Last =
        """data: {"id":"c","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":"stop"}],"usage":{"total_tokens":7}}"""
        + "\n\ndata: [DONE]\n\n";

    private const string Monitor = """{ "name": "word", "stage": "pre_response", "mode": "monitor" }, { "name": "word", "stage": "post_response" }""";
    private const string Afterwards = """{ "name": "word", "stage": ["pre_request", "post_response"] }""";

    [TestCase(Monitor)]
    [TestCase(Afterwards)]
    public async Task Stream_ReachesTheCallerWhileItComes(string entries, CancellationToken cancellationToken)
    {
        var upstream = new Pipe();
        await using var guarded = new GuardedClient(entries, _ => Stream(upstream.Reader.AsStream()));
        await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(First), cancellationToken);
        using var response = await SendAsync(guarded, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var piece = new byte[First.Length];
        await stream.ReadExactlyAsync(piece, cancellationToken);

        Assert.That(Encoding.UTF8.GetString(piece), Is.EqualTo(First));
        await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(Last), cancellationToken);
        await upstream.Writer.CompleteAsync();
        using var rest = new StreamReader(stream);
        Assert.That(await rest.ReadToEndAsync(cancellationToken), Is.EqualTo(Last));
        Assert.That(await guarded.Log.PostResponseAsync(), Is.True);
        Assert.That(guarded.Log.Notes, Does.Contain("PostResponse Completed 7"));
    }

    [Test]
    public async Task Stream_GivenUpWhileItComes_HasBeenAborted(CancellationToken cancellationToken)
    {
        var upstream = new Pipe();
        await using var guarded = new GuardedClient(Afterwards, _ => Stream(upstream.Reader.AsStream()));
        await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes(First), cancellationToken);
        using (var response = await SendAsync(guarded, cancellationToken))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await stream.ReadExactlyAsync(new byte[10], cancellationToken);
        }

        Assert.That(await guarded.Log.PostResponseAsync(), Is.True);
        Assert.That(guarded.Log.Notes, Does.Contain("PostResponse Aborted "));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Answer_InACoding_LeavesInItAndIsReadDecoded(bool buffers, CancellationToken cancellationToken)
    {
        var encoded = Gzip("""{"id":"c","choices":[],"usage":{"total_tokens":7}}""");
        await using var guarded = new GuardedClient(Afterwards, _ => new HttpResponseMessage
        {
            Content = new ByteArrayContent(encoded) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } },
        });
        using var response = await SendAsync(
            guarded, cancellationToken, buffers ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead);

        Assert.That(await response.Content.ReadAsByteArrayAsync(cancellationToken), Is.EqualTo(encoded));
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(encoded.Length));
        Assert.That(await guarded.Log.PostResponseAsync(), Is.True);
        Assert.That(guarded.Log.Notes, Does.Contain("PostResponse Completed 7"));
    }

    [Test]
    public async Task Answer_LargerThanMayBeKept_LeavesWhole(CancellationToken cancellationToken)
    {
        var large = new byte[100_000];
        Random.Shared.NextBytes(large);
        await using var guarded = new GuardedClient(
            Monitor, _ => Stream(new MemoryStream(large), "application/octet-stream"), gateway: """ "limits": { "max_body_bytes": 4096 }, """);
        using var response = await SendAsync(guarded, cancellationToken);

        Assert.That(await response.Content.ReadAsByteArrayAsync(cancellationToken), Is.EqualTo(large));
        Assert.That(await guarded.Log.PostResponseAsync(), Is.True);
        Assert.That(
            guarded.Log.Notes.Single(note => note.StartsWith("PostResponse", StringComparison.Ordinal)), Is.EqualTo("PostResponse Completed "));
    }

    private static HttpResponseMessage Stream(Stream stream, string type = "text/event-stream") =>
        new() { Content = new StreamContent(stream) { Headers = { ContentType = new MediaTypeHeaderValue(type) } } };

    private static async Task<HttpResponseMessage> SendAsync(
        GuardedClient guarded, CancellationToken cancellationToken, HttpCompletionOption completion = HttpCompletionOption.ResponseHeadersRead)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                """{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"),
        };
        return await guarded.Client.SendAsync(request, completion, cancellationToken);
    }

    private static byte[] Gzip(string text)
    {
        using var encoded = new MemoryStream();
        using (var gzip = new GZipStream(encoded, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return encoded.ToArray();
    }
}
