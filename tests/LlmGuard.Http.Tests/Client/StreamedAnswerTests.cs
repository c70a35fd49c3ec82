using System.Net;
using System.Text;
using LlmGuard.Http.Tests.Streams;
using LlmGuard.Http.Tests.Streams.Endings;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Streamed answers through the client's seam, and that post_response runs once however they end.</summary>
internal sealed class StreamedAnswerTests
{
    private const string Mask =
        """{ "name": "word", "stage": "pre_response", "settings": { "mask": "peach" } }, { "name": "word", "stage": "post_response" }""";
    private const string Block =
        """{ "name": "word", "stage": "pre_response", "settings": { "block": "peach" } }, { "name": "word", "stage": "post_response" }""";

    [Test]
    public async Task Send_StreamWithMatch_IsMaskedAndEndsOnceWithItsUsage()
    {
        await using var guarded = new GuardedClient(Mask, static _ => Answer("a pea", "ch here"));
        using var response = await SendAsync(guarded);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(await guarded.Log.PostResponseAsync());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(text)), Is.EqualTo("a [X] here"));
            Assert.That(guarded.Log.Notes.Where(static n => n.StartsWith("PostResponse", StringComparison.Ordinal)),
                Is.EqualTo(new[] { "PostResponse Completed 7" }));
            Assert.That(response.GetGuardrailDecision()?.Action, Is.EqualTo(GuardrailAction.Modify));
        }
    }

    [Test]
    public async Task Send_StreamBlockedInItsHead_AnswersLikeTheUpstreamWouldRefuse()
    {
        await using var guarded = new GuardedClient(Block, static _ => Answer("a pea", "ch here"));
        using var response = await SendAsync(guarded);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("guardrail_blocked").And.Not.Contain("peach"));
            Assert.That(await guarded.Log.PostResponseAsync());
        }
    }

    [Test]
    public async Task Send_StreamGivenUpByTheCaller_EndsOnceAsAborted()
    {
        await using var guarded = new GuardedClient(Mask, static _ => Answer("one", "two"));
        var response = await SendAsync(guarded);
        var stream = await response.Content.ReadAsStreamAsync();
        Assert.That(await stream.ReadAsync(new byte[10]), Is.EqualTo(10));
        response.Dispose();
        Assert.That(await guarded.Log.PostResponseAsync());
        Assert.That(guarded.Log.Notes.Where(static n => n.StartsWith("PostResponse", StringComparison.Ordinal)).Single(),
            Does.StartWith("PostResponse Aborted"));
    }

    [TestCase("gzip")]
    [TestCase("x-gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    [TestCase("deflate", "raw")]
    public async Task Send_CompressedStream_IsDecodedMaskedAndLeavesPlain(string coding, string? format = null)
    {
        await using var guarded = new GuardedClient(Mask, _ => Encoded(Answer("a pea", "ch here"), coding, format ?? coding));
        using var response = await SendAsync(guarded);
        var text = await response.Content.ReadAsStringAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(text)), Is.EqualTo("a [X] here"));
            Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        }
    }

    [Test]
    public async Task Send_StreamThatIsNotEncodedAsItSays_IsRefusedWithoutItsBytes()
    {
        await using var guarded = new GuardedClient(Mask, static _ =>
        {
            var answer = Answer("peach");
            answer.Content.Headers.ContentEncoding.Add("gzip");
            return answer;
        });
        using (var response = await SendAsync(guarded))
        {
            var text = await response.Content.ReadAsStringAsync();
            using (Assert.EnterMultipleScope())
            {
                Assert.That((int)response.StatusCode, Is.EqualTo(502));
                Assert.That(text, Does.Contain("guardrail_output_uninspectable").And.Not.Contain("peach"));
            }
        }

        Assert.That(await guarded.Log.PostResponseAsync());
    }

    private static HttpResponseMessage Encoded(HttpResponseMessage answer, string coding, string format)
    {
        var bytes = new MemoryStream();
        answer.Content.CopyTo(bytes, null, CancellationToken.None);
        var content = new ByteArrayContent(Wire.Encoded.As(format == "x-gzip" ? "gzip" : format, bytes.ToArray()));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/event-stream");
        content.Headers.ContentEncoding.Add(coding);
        answer.Content = content;
        return answer;
    }

    private static Task<HttpResponseMessage> SendAsync(GuardedClient guarded)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8,
                "application/json"),
        };
        return guarded.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static HttpResponseMessage Answer(params string[] deltas)
    {
        var content = new ByteArrayContent(SampleStreams.Chat(deltas));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }
}
