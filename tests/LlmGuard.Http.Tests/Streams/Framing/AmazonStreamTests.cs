using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.Http.Tests.Streams.Laws;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>Binary streams of AWS, judged while they arrive.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class AmazonStreamTests
{
    private const string Type = "application/vnd.amazon.eventstream";
    private const string Converse = "/model/m/converse-stream";
    private const string Invoke = "/model/m/invoke-with-response-stream";

    private static readonly byte[] ConverseStream = Stream(
        ("messageStart", """{"role":"assistant","p":"abcd"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hi Blue"},"p":"abc"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"bird, write to ann@exa"},"p":"a"}"""),
        ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"mple.com \u2764 now"}}"""),
        ("contentBlockStop", """{"contentBlockIndex":0}"""),
        ("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t","name":"mail"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"to\": \"Blue"}}}"""),
        ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"bird\"}"}}}"""),
        ("contentBlockStop", """{"contentBlockIndex":1}"""),
        ("messageStop", """{"stopReason":"tool_use"}"""),
        ("metadata", """{"usage":{"inputTokens":3,"outputTokens":5,"totalTokens":8},"metrics":{"latencyMs":7}}"""));

    private static readonly byte[] InvokeStream = Stream(
        ("chunk", Chunk("""{"type":"message_start","message":{"role":"assistant","content":[]}}""")),
        ("chunk", Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Blue"}}""")),
        ("chunk", Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"bird sings"}}""")));

    private static IEnumerable<TestCaseData> Streams()
    {
        yield return new TestCaseData(ConverseStream, Converse).SetArgDisplayNames("converse");
        yield return new TestCaseData(InvokeStream, Invoke).SetArgDisplayNames("invoke");
    }

    [TestCaseSource(nameof(Streams))]
    public async Task StreamAsync_EveryCut_LeavesPrefixesOfWholeMessagesAndEndsAsWhole(byte[] stream, string path)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var head = GuardedStreams.Head(Type, path);
        var whole = await app.HeldAsync(stream, head);
        Assert.That(Encoding.UTF8.GetString(whole!), Does.Not.Contain("bird").And.Not.Contain("ann@"));
        for (var cut = 0; cut <= stream.Length; cut += 11)
        {
            var streamed = await app.StreamAsync(stream, head, [cut]);
            Assert.That(streamed.Refusal, Is.Null);
            Assert.That(streamed.Bytes, Is.EqualTo(whole), $"cut at {cut}");
            Assert.That(() => Events(streamed.Bytes[..streamed.Lengths[0]]), Throws.Nothing, "only whole messages leave");
        }

        Assert.That((await app.StreamAsync(stream, head, Enumerable.Range(1, stream.Length - 1))).Bytes, Is.EqualTo(whole), "byte by byte");
    }

    [Test]
    public async Task StreamAsync_NothingToMask_LeavesAtOnceByteForByte()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Stream(("messageStart", """{"role":"assistant"}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"all is well. "}}"""));
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head(Type, Converse), [stream.Length]);
        Assert.That(streamed.Lengths[0], Is.EqualTo(stream.Length));
        Assert.That(streamed.Bytes, Is.EqualTo(stream));
    }

    [Test]
    public async Task StreamAsync_BlockInConverse_StopsTheBlockAndTheMessage()
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        var stream = Stream(
            ("messageStart", """{"role":"assistant"}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"fine. "}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"forbidden"}}"""),
            ("messageStop", """{"stopReason":"end_turn"}"""));
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head(Type, Converse), []);
        var events = Events(streamed.Bytes);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(events.Select(static e => e.Name),
                Is.EqualTo(new[] { "messageStart", "contentBlockDelta", "contentBlockStop", "messageStop" }));
            Assert.That(events[^1].Payload["stopReason"]!.GetValue<string>(), Is.EqualTo("guardrail_intervened"));
            Assert.That(streamed.Refusal?.Plugin, Is.EqualTo("stop_word"));
        }
    }

    [Test]
    public async Task StreamAsync_BlockInInvoke_EndsWithTheException()
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        var stream = Stream(("chunk", Chunk("""{"outputText":"forbidden","index":0,"totalOutputTextTokenCount":null,"completionReason":null}""")));
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head(Type, Invoke), []);
        Assert.That(Events(streamed.Bytes).Select(static e => e.Name), Is.EqualTo(new[] { "validationException" }));
    }

    [TestCase(20, FailureReasons.Undecodable, TestName = "a byte is wrong")]
    [TestCase(2, FailureReasons.LimitExceeded, TestName = "a length is too large")]
    public async Task StreamAsync_BrokenMessage_IsCut(int at, string reason)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var good = Stream(("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"fine. "}}"""));
        var bad = Stream(("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"hidden"}}"""));
        bad[at] ^= 0xFF;
        bad[0] = at == 2 ? (byte)0x7F : bad[0];
        var streamed = await app.StreamAsync([.. good, .. bad], GuardedStreams.Head(Type, Converse), [good.Length]);
        Assert.That(streamed.Refusal?.Reason, Is.EqualTo(reason).Or.EqualTo(FailureReasons.Undecodable));
        Assert.That(streamed.Text, Does.Contain("fine. ").And.Not.Contain("hidden"));
    }

    [Test]
    public async Task StreamAsync_MessageThatIsNotWhole_IsCut()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var streamed = await app.StreamAsync(ConverseStream[..^5], GuardedStreams.Head(Type, Converse), []);
        Assert.That(streamed.Refusal?.Code, Is.EqualTo(RefusalCodes.OutputUninspectable));
    }

    private static byte[] Stream(params (string Name, string Payload)[] events)
    {
        var stream = new ArrayBufferWriter<byte>();
        foreach (var (name, payload) in events)
        {
            AmazonEventWriter.WriteEvent(stream, name, Encoding.UTF8.GetBytes(payload));
        }

        return stream.WrittenSpan.ToArray();
    }

    private static string Chunk(string text) => $$"""{"bytes":{{JsonSerializer.Serialize(Encoding.UTF8.GetBytes(text))}},"p":"abc"}""";

    // With the vendor's own reader, which checks both checksums.
    private static List<(string Name, JsonNode Payload)> Events(byte[] stream)
    {
        var events = new List<(string, JsonNode)>();
        for (var start = 0; start < stream.Length;)
        {
            Assert.That(AmazonEventFrame.TryRead(stream.AsSpan(start), AmazonEventFrame.MaxLength, out var frame),
                Is.EqualTo(AmazonEventStatus.Complete));
            var message = Amazon.Runtime.EventStreams.EventStreamMessage.FromBuffer(stream[start..(start + frame.Length)], 0, frame.Length);
            var name = message.Headers.TryGetValue(":event-type", out var type) ? type : message.Headers[":exception-type"];
            events.Add((name.AsString(), JsonNode.Parse(message.Payload)!));
            start += frame.Length;
        }

        return events;
    }
}
