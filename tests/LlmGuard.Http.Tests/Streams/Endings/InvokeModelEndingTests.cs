using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Tests.Streams.Endings;

/// <summary>
/// Streams of InvokeModelWithResponseStream that are cut end in the words of the model's maker, in frames that AWS's own reader takes.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class InvokeModelEndingTests
{
    private const string Type = "application/vnd.amazon.eventstream";
    private const string Block = """{ "name": "stop_word" }""";

    private static IEnumerable<TestCaseData> Families()
    {
        yield return Of(
            "anthropic.claude-3-haiku-20240307-v1:0",
            ["""{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[]}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""],
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}}""",
            ["content_block_stop", "message_delta", "message_stop"],
            "\"stop_reason\":\"refusal\"");
        yield return Of("cohere.command-r-v1:0", ["""{"event_type":"stream-start","generation_id":"g"}"""],
            """{"event_type":"text-generation","text":"TEXT"}""", ["stream-end"], "ERROR_TOXIC");
        yield return Of(
            "amazon.nova-lite-v1:0",
            ["""{"messageStart":{"role":"assistant"}}"""],
            """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"TEXT"}}}""",
            ["contentBlockStop", "messageStop"],
            "guardrail_intervened");
        yield return Of(
            "amazon.titan-text-express-v1",
            [],
            """{"outputText":"TEXT","index":0,"totalOutputTextTokenCount":null,"completionReason":null}""",
            ["outputText"],
            "CONTENT_FILTERED");
        yield return Of("meta.llama3-8b-instruct-v1:0", [], """{"generation":"TEXT","stop_reason":null}""", ["generation"], "INTERVENED");
        yield return Of("mistral.mistral-7b-instruct-v0:2", [], """{"outputs":[{"text":"TEXT","stop_reason":null}]}""", ["outputs"], "INTERVENED");
        yield return Of(
            "deepseek.v3-v1:0",
            [],
            """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}]}""",
            ["choices"],
            "\"finish_reason\":\"content_filter\"");
    }

    [TestCaseSource(nameof(Families))]
    public async Task StreamAsync_BlockAfterText_EndsInTheWordsOfTheFamily(string model, string[] start, string text, string[] ending, string says)
    {
        await using var app = new GuardedStreams(Block, null, "", new StopWordPlugin());
        var stream = Stream([.. start, With(text, "fine. "), With(text, "for"), With(text, "bidden")]);
        foreach (var path in (string[])[PathOf(model), PathOf("arn:aws:bedrock:us-east-1:1:provisioned-model/abc")])
        {
            var whole = await app.StreamAsync(stream, GuardedStreams.Head(Type, path), []);
            var events = Events(whole.Bytes);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(events.Take(start.Length + 1), Is.EqualTo(start.Append(With(text, "fine. "))));
                Assert.That(events.Skip(start.Length + 1).Select(Name), Is.EqualTo(ending));
                Assert.That(string.Concat(events.Skip(start.Length + 1)), Does.Contain(says));
                Assert.That(whole.Refusal?.Plugin, Is.EqualTo("stop_word"));
            }

            for (var cut = 0; cut < stream.Length; cut += 5)
            {
                Assert.That((await app.StreamAsync(stream, GuardedStreams.Head(Type, path), [cut])).Bytes, Is.EqualTo(whole.Bytes), $"cut at {cut}");
            }
        }
    }

    [TestCaseSource(nameof(Families))]
    public async Task StreamAsync_BlockBeforeAnythingHasLeft_TakesTheFamilyFromTheModel(string model, string[] start, string text, string[] ending,
        string says)
    {
        await using var app = new GuardedStreams(Block, null, "", new StopWordPlugin());
        var streamed = await app.StreamAsync(Stream([With(text, "forbidden")]), GuardedStreams.Head(Type, PathOf(model)), []);
        var events = Events(streamed.Bytes);
        Assert.That(Name(events[^1]), Is.EqualTo(ending[^1]));
        Assert.That(string.Concat(events), Does.Contain(says).And.Not.Contain("forbidden"));
        Assert.That(start, Is.Not.Null);
    }

    [Test]
    public async Task StreamAsync_BlockBehindTheEndOfTheMessage_AddsNothing()
    {
        await using var app = new GuardedStreams(Block, null, "", new StopWordPlugin());
        var end = """{"type":"message_stop"}""";
        var streamed = await app.StreamAsync(
            Stream(["""{"type":"message_start","message":{"role":"assistant","content":[]}}""", end,
                """{"type":"error","error":{"type":"x","message":"forbidden"}}"""]),
            GuardedStreams.Head(Type, PathOf("anthropic.claude-v2")),
            []);
        Assert.That(Events(streamed.Bytes)[^1], Is.EqualTo(end));
    }

    [Test]
    public async Task StreamAsync_FamilyThatNobodyKnows_EndsWithTheException()
    {
        await using var app = new GuardedStreams(Block, null, "", new StopWordPlugin());
        var streamed = await app.StreamAsync(Stream(["""{"said":"fine. "}""", """{"said":"forbidden"}"""]),
            GuardedStreams.Head(Type, PathOf("somebodys.own")), []);
        Assert.That(Events(streamed.Bytes), Has.Count.EqualTo(2));
        Assert.That(Events(streamed.Bytes)[^1], Does.Contain("validationException"));
    }

    private static TestCaseData Of(string model, string[] start, string text, string[] ending, string says) =>
        new TestCaseData(model, start, text, ending, says).SetArgDisplayNames(model);

    private static string PathOf(string model) => $"/model/{Uri.EscapeDataString(model)}/invoke-with-response-stream";

    private static string With(string text, string words) => text.Replace("TEXT", words, StringComparison.Ordinal);

    private static string Name(string json)
    {
        var data = JsonNode.Parse(json)!.AsObject();
        return data["type"]?.GetValue<string>() ?? data["event_type"]?.GetValue<string>()
            ?? data.Select(static m => m.Key).First(static k => k is "outputText" or "generation" or "outputs" or "choices" or "contentBlockStop" or "messageStop" or "messageStart" or "contentBlockDelta");
    }

    private static byte[] Stream(IEnumerable<string> events)
    {
        var stream = new ArrayBufferWriter<byte>();
        foreach (var text in events)
        {
            AmazonEventWriter.WriteEvent(stream, "chunk",
                Encoding.UTF8.GetBytes($$"""{"bytes":{{JsonSerializer.Serialize(Encoding.UTF8.GetBytes(text))}},"p":"abc"}"""));
        }

        return stream.WrittenSpan.ToArray();
    }

    // With the vendor's own reader, which checks both checksums: the events in the chunks, or the name of what is no chunk.
    private static List<string> Events(byte[] stream)
    {
        var events = new List<string>();
        for (var start = 0; start < stream.Length;)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(start));
            var message = Amazon.Runtime.EventStreams.EventStreamMessage.FromBuffer(stream[start..(start + length)], 0, length);
            events.Add(message.Headers.TryGetValue(":event-type", out var type) && type.AsString() == "chunk"
                ? Encoding.UTF8.GetString(Convert.FromBase64String(JsonNode.Parse(message.Payload)!["bytes"]!.GetValue<string>()))
                : JsonSerializer.Serialize(new { type = message.Headers[":exception-type"].AsString() }));
            start += length;
        }

        return events;
    }
}
