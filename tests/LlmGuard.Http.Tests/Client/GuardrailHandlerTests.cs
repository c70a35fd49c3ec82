using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using static LlmGuard.Http.Tests.Client.ChatCalls;

namespace LlmGuard.Http.Tests.Client;

[TestFixture]
public sealed class GuardrailHandlerTests
{
    private const string MaskBoth = """{ "name": "word", "stage": ["pre_request", "pre_response"], "settings": { "mask": "peach" } }""";
    private const string Block = """{ "name": "word", "settings": { "block": "plum" } }""";

    [Test]
    public async Task Send_PolicyWithoutEntries_AnswerIsTheTransportsOwnWithAnId()
    {
        using var content = new StringContent("an answer");
        await using var app = new GuardedClient("", _ => new HttpResponseMessage { Content = content }, more: ", \"allow_empty\": true");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");

        using var response = await app.Client.SendAsync(request);

        Assert.That(response.Content, Is.SameAs(content), "nobody watches how an answer is read that nobody judges");
        Assert.That(response.RequestMessage, Is.SameAs(request));
        Assert.That(response.Headers.GetValues("X-Guardrail-Id").Single(), Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task Send_RequestAndAnswerWithTheWord_BothMaskedAndTheRestByteIdentical()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json(Answer("a  peach, 1.0e400")));
        using var request = Post("""{ "model":"m",  "n": 1.0e400, "messages":[{"role":"user","content":"one peach \u00e9"}] }""");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(guarded.Upstream.Requests.Single().Body,
                Is.EqualTo("""{ "model":"m",  "n": 1.0e400, "messages":[{"role":"user","content":"one [X] \u00e9"}] }"""));
            Assert.That(await TextAsync(response), Is.EqualTo(Answer("a  [X], 1.0e400")));
            Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(Answer("a  [X], 1.0e400").Length));
            Assert.That(response.Headers.GetValues("X-Guardrail-Id").Single(), Has.Length.EqualTo(32));
            Assert.That(response.GetGuardrailDecision()!.Action, Is.EqualTo(GuardrailAction.Modify));
        }
    }

    [Test]
    public async Task Send_EntryOnHeadersOfAPluginThatReadsBodies_JudgesHeadersOnly()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "sources": ["headers"], "settings": { "mask": "peach" } }""",
            static _ => RecordingUpstream.Json("{}"));
        using var request = Post(Body("a peach"));
        request.Headers.TryAddWithoutValidation("X-Note", "one peach");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(guarded.Upstream.Requests.Single().Headers["X-Note"], Is.EqualTo("one [X]"));
            Assert.That(guarded.Upstream.Requests.Single().Body, Is.EqualTo(Body("a peach")));
            Assert.That(request.Headers.GetValues("X-Note").Single(), Is.EqualTo("one peach"));
        }
    }

    [Test]
    public async Task Send_CallersMessage_IsNotChanged()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json("{}"));
        using var request = Post(Body("a peach"));
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-1");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await request.Content!.ReadAsStringAsync(), Is.EqualTo(Body("a peach")));
            Assert.That(request.Headers.NonValidated.Contains("Range"), Is.True);
            Assert.That(guarded.Upstream.Requests.Single().Headers.Keys, Has.No.Member("Range"), "a part of an answer cannot be judged");
            Assert.That(response.RequestMessage, Is.SameAs(request));
        }
    }

    [Test]
    public async Task Send_BlockedRequest_AnswersLikeTheUpstreamWouldAndNeverReachesIt()
    {
        await using var guarded = new GuardedClient(Block, static _ => RecordingUpstream.Json("{}"));
        using var request = Post(Body("a plum"));

        using var response = await guarded.Client.SendAsync(request);

        using var error = JsonDocument.Parse(await TextAsync(response));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(guarded.Upstream.Requests, Is.Empty);
            Assert.That(error.RootElement.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("guardrail_blocked"));
            Assert.That(error.RootElement.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("word"));
            Assert.That(error.RootElement.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("That word is not allowed."));
            Assert.That(response.Headers.GetValues("x-should-retry").Single(), Is.EqualTo("false"));
            Assert.That(response.GetGuardrailDecision()!.Refusal!.Plugin, Is.EqualTo("word"));
        }
    }

    [Test]
    public async Task Send_BlockedAndExceptionsWanted_Throws()
    {
        await using var guarded = new GuardedClient(Block, static _ => RecordingUpstream.Json("{}"), static o => o.ThrowOnBlock = true);
        using var request = Post(Body("a plum"));

        var thrown = Assert.ThrowsAsync<GuardrailBlockedException>(() => guarded.Client.SendAsync(request));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown!.Refusal.Code, Is.EqualTo("word"));
            Assert.That(thrown.CallId, Has.Length.EqualTo(32));
            Assert.That(thrown.Message, Is.EqualTo("That word is not allowed."));
        }
    }

    [Test]
    public async Task SynchronousSend_MasksRequestAndAnswer()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json(Answer("a peach")));
        using var request = Post(Body("a peach"));

        using var response = guarded.Client.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(guarded.Upstream.Requests.Single().Body, Is.EqualTo(Body("a [X]")));
            Assert.That(reader.ReadToEnd(), Is.EqualTo(Answer("a [X]")));
        }
    }

    [Test]
    public async Task Send_AnswerWithoutTheWord_IsByteIdentical()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json(Answer("nothing\\u0020here")));
        using var request = Post(Body("nothing"));

        using var response = await guarded.Client.SendAsync(request);

        Assert.That(await TextAsync(response), Is.EqualTo(Answer("nothing\\u0020here")));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task Send_CompressedAnswer_IsDecodedJudgedAndDeliveredDecoded(string coding)
    {
        await using var guarded = new GuardedClient(MaskBoth, _ => Compressed(Answer("a peach"), coding));
        using var request = Post(Body("x"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, zstd, br;q=0.5");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await TextAsync(response), Is.EqualTo(Answer("a [X]")));
            Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
            Assert.That(guarded.Upstream.Requests.Single().Headers["Accept-Encoding"], Is.EqualTo("gzip, br;q=0.5"),
                "only what is decoded here is asked for");
        }
    }

    [Test]
    public async Task Send_AnswerThatCannotBeRead_IsABadGateway()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json("""{"choices": [ {"message": {"content": "a pe"""));
        using var request = Post(Body("x"));

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
            Assert.That(await TextAsync(response), Does.Contain(RefusalCodes.OutputUninspectable).And.Not.Contain("a pe"));
        }
    }

    [Test]
    public async Task Send_PartialContent_IsABadGateway()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json(Answer("x"), HttpStatusCode.PartialContent));
        using var request = Post(Body("x"));

        using var response = await guarded.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
    }

    [Test]
    public async Task Send_MethodOverride_IsRefused()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json("{}"));
        using var request = Post(Body("x"));
        request.Headers.TryAddWithoutValidation("X-HTTP-Method-Override", "DELETE");

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(guarded.Upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Send_CallerNamedThreeWays_TheRequestsOwnWins()
    {
        await using var guarded = new GuardedClient(
            """{ "name": "word", "settings": { } }""",
            static _ => RecordingUpstream.Json("{}"),
            more: """, "consumers": [ { "name": "alice" }, { "name": "bob" } ]""");
        using var first = Post(Body("x"));
        using var second = Post(Body("x"));
        first.SetGuardrailCaller(new GuardrailCaller("alice"));

        using (GuardrailCaller.Use(new GuardrailCaller("bob")))
        {
            using var _ = await guarded.Client.SendAsync(first);
            using var __ = await guarded.Client.SendAsync(second);
        }

        Assert.That(guarded.Log.Notes, Is.EqualTo(new[] { "PreRequest openai.chat_completions alice", "PreRequest openai.chat_completions bob" }));
    }

    [Test]
    public async Task Send_BodyOverTheLimit_IsRefusedWithoutReadingItAll()
    {
        await using var guarded = new GuardedClient(MaskBoth, static _ => RecordingUpstream.Json("{}"));
        var body = new CountingStream(64L * 1024 * 1024);
        using var request = new HttpRequestMessage(HttpMethod.Post, ChatPath) { Content = new StreamContent(body) };

        using var response = await guarded.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
            Assert.That(body.Given, Is.LessThan(11L * 1024 * 1024));
            Assert.That(guarded.Upstream.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Send_StreamedAnswerUnderAResponsePlan_IsHeldInspectedAndMaskedAcrossDeltas()
    {
        const string stream = """
            data: {"choices":[{"index":0,"delta":{"content":"a pea"}}]}

            data: {"choices":[{"index":0,"delta":{"content":"ch!"}}]}

            data: [DONE]


            """;
        await using var guarded = new GuardedClient(MaskBoth, static _ => new HttpResponseMessage
        {
            Content = new StringContent(stream, Encoding.UTF8, "text/event-stream"),
        });
        using var request = Post("""{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}""");

        using var response = await guarded.Client.SendAsync(request);

        Assert.That(await TextAsync(response),
            Is.EqualTo(stream.Replace("a pea", "a [X]", StringComparison.Ordinal).Replace("ch!", "!", StringComparison.Ordinal)));
    }

    private static HttpResponseMessage Compressed(string text, string coding)
    {
        var buffer = new MemoryStream();
        using (Stream encoder = coding switch
        {
            "gzip" => new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            encoder.Write(Encoding.UTF8.GetBytes(text));
        }

        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return new HttpResponseMessage { Content = content };
    }

    private sealed class CountingStream(long length) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var given = (int)Math.Min(count, length - Given);
            buffer.AsSpan(offset, given).Fill((byte)' ');
            Given += given;
            return given;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
