using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime.EventStreams;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Wire.AmazonEvents;

/// <summary>Answers of ConverseStream and InvokeModelWithResponseStream, held whole: read, masked, framed anew.</summary>
public sealed class HeldAmazonStreamTests
{
    private const string Converse = "/model/m/converse-stream";
    private const string Invoke = "/model/m/invoke-with-response-stream";

    [Test]
    public void Rewrite_ConverseMatchOverSeveralDeltas_IsMaskedAndOtherFramesStay()
    {
        byte[][] frames =
        [
            Frame("messageStart", """{"role":"assistant","p":"abcdefgh"}"""),
            Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"my card is 41"},"p":"abc"}"""),
            Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"11-1111."},"p":"abcd"}"""),
            Frame("contentBlockStop", """{"contentBlockIndex":0}"""),
            Frame("messageStop", """{"stopReason":"end_turn"}"""),
            Frame("metadata", """{"usage":{"inputTokens":3,"outputTokens":5,"totalTokens":8},"metrics":{"latencyMs":7}}"""),
        ];
        var message = Read(Converse, frames);

        Assert.That(message.Content.Select(static s => s.Text), Is.EqualTo(new[] { "my card is 4111-1111." }));
        Assert.That(message.Usage, Is.EqualTo(new TokenUsage(3, 5, 8)));
        Assert.That(message.IsStreaming, Is.True);

        var masked = Frames(Mask(message, "4111-1111", "[CARD]"));
        Assert.That(masked.Select(Text), Is.EqualTo(new[]
        {
            Text(frames[0]),
            """{"contentBlockIndex":0,"delta":{"text":"my card is [CARD]"},"p":"abc"}""",
            """{"contentBlockIndex":0,"delta":{"text":"."},"p":"abcd"}""",
            Text(frames[3]),
            Text(frames[4]),
            Text(frames[5]),
        }));
        Assert.That(masked[3], Is.EqualTo(frames[3]));
        Assert.That(EventStreamMessage.FromBuffer(masked[1], 0, masked[1].Length).Headers[":event-type"].AsString(), Is.EqualTo("contentBlockDelta"));
    }

    [Test]
    public void Rewrite_ConverseToolInputInFragments_StaysJson()
    {
        byte[][] frames =
        [
            Frame("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t","name":"mail"}}}"""),
            Frame("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"to\": \"ann@exa"}}}"""),
            Frame("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"mple.com\"}"}}}"""),
        ];
        var message = Read(Converse, frames);
        Assert.That(message.Content.Select(static s => (s.Kind.Value, s.Text)), Does.Contain(("tool_call", "ann@example.com")));

        var masked = Frames(Mask(message, "ann@example.com", "\"X\""));
        var input = string.Concat(masked.Skip(1).Select(frame => JsonNode.Parse(Text(frame))!["delta"]!["toolUse"]!["input"]!.GetValue<string>()));
        Assert.That(JsonNode.Parse(input)!["to"]!.GetValue<string>(), Is.EqualTo("\"X\""));
    }

    [Test]
    public void Rewrite_ConverseReasoning_IsSignedAndNeverChanged()
    {
        var message = Read(Converse,
            Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"thinking of ann"}}}"""),
            Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2ln"}}}"""));

        Assert.That(message.Content.Single(static s => s.Payload == PayloadKind.Text).Editability, Is.EqualTo(Editability.Signed));
        Assert.That(message.Content.Select(static s => s.Uninspected), Does.Contain(UninspectedKind.EncryptedReasoning));
    }

    [TestCase("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"@"}}""", Description = "Claude")]
    [TestCase("""{"outputText":"@","index":0,"totalOutputTextTokenCount":null,"completionReason":null}""", Description = "Titan")]
    [TestCase("""{"generation":"@","prompt_token_count":1,"generation_token_count":2,"stop_reason":null}""", Description = "Llama")]
    [TestCase("""{"outputs":[{"text":"@","stop_reason":null}]}""", Description = "Mistral")]
    [TestCase("""{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"@"}}}""", Description = "Nova")]
    [TestCase("""{"is_finished":false,"event_type":"text-generation","text":"@"}""", Description = "Command R")]
    [TestCase("""{"choices":[{"index":0,"delta":{"content":"@"}}]}""", Description = "OpenAI")]
    public void Rewrite_InvokeMatchOverSeveralChunks_IsMaskedInsideTheBase64(string chunk)
    {
        byte[][] frames =
            [.. new[] { "mail ann@exa", "mple.com now" }.Select(piece => Frame("chunk", Chunk(chunk.Replace("@", piece, StringComparison.Ordinal))))];
        var message = Read(Invoke, frames);
        Assert.That(message.Content.Select(static s => (s.Role.Value, s.Kind.Value, s.Text)),
            Does.Contain(("assistant", "message", "mail ann@example.com now")));

        var masked = Frames(Mask(message, "ann@example.com", "[MAIL]"));
        Assert.That(masked.Select(Inner), Is.EqualTo(new[]
        {
            chunk.Replace("@", "mail [MAIL]", StringComparison.Ordinal), chunk.Replace("@", " now", StringComparison.Ordinal),
        }));
        Assert.That(JsonNode.Parse(Text(masked[0]))!["p"]!.GetValue<string>(), Is.EqualTo("abcdef"));
    }

    [Test]
    public void Read_InvokeMetrics_AreTheUsage() => Assert.That(
        Read(Invoke, Frame("chunk", Chunk("""{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":4,"outputTokenCount":6,"invocationLatency":1}}"""))).Usage,
        Is.EqualTo(new TokenUsage(4, 6, 10)));

    [TestCase("""{"bytes":"!!!"}""")]
    [TestCase("""{"Bytes":"eyJhIjoxfQ=="}""")]
    public void Read_ChunkThatIsNotOne_IsReportedAsUndecodable(string payload) =>
        Assert.That(Read(Invoke, Frame("chunk", payload)).Content.Select(static s => s.Uninspected), Does.Contain(UninspectedKind.UndecodableText));

    [TestCase("modelStreamErrorException", """{"message":"failed on ann@example.com","originalStatusCode":500}""")]
    public void Read_ExceptionOfAStream_IsAnErrorThatIsMasked(string type, string payload)
    {
        var message = Read(Converse, Frame(type, payload));

        Assert.That(message.Content.Select(static s => (s.Kind.Value, s.Text)), Does.Contain(("error", "failed on ann@example.com")));
        Assert.That(Text(Mask(message, "ann@example.com", "*")), Does.Contain("failed on *"));
    }

    [Test]
    public void Read_TextsThatTwoObjectsCouldMean_AreRefused()
    {
        Assert.That(Fails(Converse, Frame("contentBlockDelta", """{"delta":{"text":"a","Text":"b"}}""")), Is.EqualTo(FailureReasons.Undecodable));
        Assert.That(Fails(Invoke, Frame("chunk", """{"bytes":"e30=","bytes":"e30="}""")), Is.EqualTo(FailureReasons.Undecodable));
        Assert.That(Fails(Invoke, Frame("chunk", """{"bytes":"e30=","BYTES":"e30="}""")), Is.EqualTo(FailureReasons.Undecodable));
        Assert.That(Fails(Converse, Frame("contentBlockDelta", "no json")), Is.EqualTo(FailureReasons.Undecodable));
    }

    [Test]
    public void Read_CutOrBroken_IsRefused()
    {
        var frame = Frame("contentBlockDelta", """{"delta":{"text":"a"}}""");
        var broken = frame.ToArray();
        broken[^6] ^= 1;

        Assert.That(Fails(Converse, frame[..^1]), Is.EqualTo(FailureReasons.Undecodable));
        Assert.That(Fails(Converse, frame, [0, 0]), Is.EqualTo(FailureReasons.Undecodable));
        Assert.That(Fails(Converse, broken), Is.EqualTo(FailureReasons.Undecodable));
    }

    /// <summary>Clients take frames for what they are, whatever the answer is called.</summary>
    [TestCase("application/json")]
    [TestCase("text/plain")]
    [TestCase(null)]
    public void Read_FramesUnderAnotherName_AreReadAsFrames(string? contentType)
    {
        var read = WireReader.ReadResponse(
            Head(Converse, contentType), Frame("contentBlockDelta", """{"delta":{"text":"hello"}}"""), true, GuardrailNeeds.Content,
                PlanLimits.Default);

        Assert.That(read.Message!.Content.Select(static s => s.Text), Is.EqualTo(new[] { "hello" }));
    }

    [Test]
    public void Read_UnknownRoute_WalksEveryTextAndJoinsIt()
    {
        var message = Read("/elsewhere", Frame("x", """{"chunk":"ann@exa"}"""), Frame("x", """{"chunk":"mple.com"}"""), Frame("y", "plain text"));

        Assert.That(message.Content.JoinedTexts.Select(static t => Encoding.UTF8.GetString(t.Utf8.Span)), Does.Contain("ann@example.com"));
        Assert.That(message.Content.Select(static s => s.Text), Does.Contain("plain text"));
        Assert.That(Encoding.UTF8.GetString(Mask(message, "plain", "fancy")), Does.Contain("fancy text"));
    }

    [Test]
    public void Rewrite_NothingToMask_ChangesNothing() =>
        Assert.That(Read(Converse, Frame("contentBlockDelta", """{"delta":{"text":"hello"}}""")).Rewrite([], []).Body, Is.Null);

    [TestCase("[{0},\r\n{1}]")]
    [TestCase(" [ {0} , {1} ] \n")]
    public void Rewrite_GeminiArray_IsAStreamWhoseTextsGoOn(string array)
    {
        const string Item = """{"candidates":[{"content":{"parts":[{"text":"@"}],"role":"model"},"index":0}]}""";
        var stream = array.Replace("{0}", Item.Replace("@", "mail ann@exa", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{1}", Item.Replace("@", "mple.com", StringComparison.Ordinal), StringComparison.Ordinal);
        var read = WireReader.ReadResponse(
            Head("/v1beta/models/g:streamGenerateContent", "application/json"), Encoding.UTF8.GetBytes(stream), true, GuardrailNeeds.Content,
                PlanLimits.Default);
        Assert.That(read.Message!.Content.Select(static s => s.Text), Is.EqualTo(new[] { "mail ann@example.com" }));

        Assert.That(
            Encoding.UTF8.GetString(Mask(read.Message, "ann@example.com", "*")),
            Is.EqualTo(stream.Replace("ann@exa", "*", StringComparison.Ordinal).Replace("mple.com", "", StringComparison.Ordinal)));
    }

    [TestCase("[{}")]
    [TestCase("[{}] x")]
    [TestCase("""[{"candidates":[],"candidates":[]}]""")]
    public void Read_GeminiArrayThatIsNone_IsRefused(string body) => Assert.That(
        WireReader.ReadResponse(
            Head("/v1beta/models/g:streamGenerateContent", "application/json"), Encoding.UTF8.GetBytes(body), true, GuardrailNeeds.Content,
                PlanLimits.Default).Failure,
        Is.Not.Null);

    private static byte[] Frame(string type, string payload) => AmazonEventFrameTests.Message(payload, type);

    private static string Chunk(string json) => new JsonObject { ["bytes"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(json)), ["p"] = "abcdef" }
        .ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Inner(byte[] frame) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(JsonNode.Parse(Text(frame))!["bytes"]!.GetValue<string>()));

    private static string Text(byte[] frame) => Encoding.UTF8.GetString(EventStreamMessage.FromBuffer(frame, 0, frame.Length).Payload);

    // Taken apart by the AWS SDK, which checks every checksum.
    private static List<byte[]> Frames(byte[] stream)
    {
        var frames = new List<byte[]>();
        for (var start = 0; start < stream.Length; start += frames[^1].Length)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(start));
            frames.Add(stream[start..(start + length)]);
            _ = EventStreamMessage.FromBuffer(frames[^1], 0, length);
        }

        return frames;
    }

    private static WireHead Head(string path, string? contentType = "application/vnd.amazon.eventstream") =>
        new() { Method = "POST", RawPath = path, ContentType = contentType, Status = HttpStatusCode.OK };

    private static WireMessage Read(string path, params byte[][] frames)
    {
        var result = WireReader.ReadResponse(Head(path), frames.SelectMany(static f => f).ToArray(), true,
            GuardrailNeeds.Content | GuardrailNeeds.Usage, PlanLimits.Default);
        Assert.That(result.Failure, Is.Null);
        return result.Message!;
    }

    private static string? Fails(string path, params byte[][] frames) => WireReader.ReadResponse(
        Head(path), frames.SelectMany(static f => f).ToArray(), true, GuardrailNeeds.Content, PlanLimits.Default).Failure?.Reason;

    private static byte[] Mask(WireMessage message, string find, string replacement)
    {
        var needle = Encoding.UTF8.GetBytes(find);
        var edits = message.Content
            .Select(segment => (segment.Index, At: segment.Utf8.Span.IndexOf(needle)))
            .Where(static found => found.At >= 0)
            .Select(found => new TextEdit(found.Index, new TextSpan(found.At, needle.Length), Encoding.UTF8.GetBytes(replacement)))
            .ToList();
        var rewrite = message.Rewrite(edits, []);
        Assert.That(rewrite.Failure, Is.Null);
        return rewrite.Body!.Value.ToArray();
    }
}
