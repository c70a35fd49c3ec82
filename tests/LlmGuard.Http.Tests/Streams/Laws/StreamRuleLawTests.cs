using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// The laws of streams over generated rules, texts, cuts and dialects: whatever left after any piece is a prefix of what the answer becomes when it
/// is judged whole, and in the end it is that; where a rule blocks, the text that left is a prefix of what the other rules make of it.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StreamRuleLawTests
{
    internal static readonly Dialect[] Dialects =
    [
        new("chat", "text/event-stream", "/v1/chat/completions", """{"id":"c","choices":[{"index":0,"delta":{"content":TEXT}}]}""", "[DONE]"),
        new("completions", "text/event-stream", "/v1/completions", """{"id":"c","object":"text_completion","choices":[{"index":0,"text":TEXT}]}""",
            "[DONE]"),
        new("mistral", "text/event-stream", "/v1/chat/completions", """{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":TEXT}]}}]}""",
            "[DONE]"),
        new("anthropic", "text/event-stream", "/v1/messages",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":TEXT}}""", """{"type":"message_stop"}"""),
        new("responses", "text/event-stream", "/v1/responses",
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":TEXT}""",
            """{"type":"response.completed","sequence_number":9}"""),
        new("gemini", "text/event-stream", "/v1beta/models/g:streamGenerateContent",
            """{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":TEXT}]}}]}""",
            """{"candidates":[{"index":0,"finishReason":"STOP"}]}"""),
        new("cohere", "text/event-stream", "/v2/chat", """{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":TEXT}}}}""",
            """{"type":"message-end"}"""),
        new("ollama", "application/x-ndjson", "/api/chat", """{"model":"m","message":{"role":"assistant","content":TEXT},"done":false}""",
            """{"model":"m","done":true}"""),
        new("converse", "application/vnd.amazon.eventstream", "/model/m/converse-stream",
            """{"contentBlockIndex":0,"delta":{"text":TEXT},"p":"ab"}""", """{"stopReason":"end_turn"}"""),
    ];

    private static readonly JsonSerializerOptions RelaxedJson =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Members = ["content", "text", "delta"];

    [TestCaseSource(nameof(Dialects))]
    public void StreamAsync_GeneratedRulesTextsAndCuts_ObeyTheLaws(object dialect)
    {
        Prop.ForAll(GeneratedRules.Cases.ToArbitrary(),
            c => StreamLaws.ObeyAsync((Dialect)dialect, c.Pieces, c.Ways, c.Policy(withBlocks: true), c.Policy(withBlocks: false)).GetAwaiter()
            .GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_260, 17));
    }

    internal sealed record Dialect(string Name, string Type, string Path, string Event, string Last)
    {
        public byte[] Stream(string[] pieces)
        {
            var stream = new ArrayBufferWriter<byte>();
            foreach (var data in pieces.Select((p, n) =>
                Event.Replace("TEXT", n % 2 == 0 ? JsonSerializer.Serialize(p) : Relaxed(p), StringComparison.Ordinal)).Append(Last))
            {
                if (Type.EndsWith("eventstream", StringComparison.Ordinal))
                {
                    AmazonEventWriter.WriteEvent(stream, data == Last ? "messageStop" : "contentBlockDelta", Encoding.UTF8.GetBytes(data));
                }
                else
                {
                    stream.Write(Encoding.UTF8.GetBytes(Type == "text/event-stream" ? $"data: {data}\r\n\r\n" : data + "\n"));
                }
            }

            return stream.WrittenSpan.ToArray();
        }

        /// <summary>The answer's text, as a client puts it together.</summary>
        public string Text(byte[] stream) => string.Concat(Payloads(stream).Select(static p => TextOf(JsonNode.Parse(p))));

        public override string ToString() => Name;

        private IEnumerable<string> Payloads(byte[] stream)
        {
            if (!Type.EndsWith("eventstream", StringComparison.Ordinal))
            {
                return Encoding.UTF8.GetString(stream).Split('\n').Select(static l => l.Trim()).Select(static l =>
                    l.StartsWith("data:", StringComparison.Ordinal) ? l[5..].Trim() : l)
                    .Where(static l => l.StartsWith('{'));
            }

            var payloads = new List<string>();
            for (var start = 0; start < stream.Length;)
            {
                Assert.That(AmazonEventFrame.TryRead(stream.AsSpan(start), AmazonEventFrame.MaxLength, out var frame),
                    Is.EqualTo(AmazonEventStatus.Complete));
                payloads.Add(Encoding.UTF8.GetString(stream.AsSpan(start + frame.Payload.Start, frame.Payload.Length)));
                start += frame.Length;
            }

            return payloads;
        }

        private static string TextOf(JsonNode? node) => node switch
        {
            JsonObject members => string.Concat(members.Where(static m => m.Key is not ("error" or "response")).Select(static m =>
                m.Value is JsonValue value && Members.Contains(m.Key) ? value.TryGetValue(out string? text) ? text : "" : TextOf(m.Value))),
            JsonArray items => string.Concat(items.Select(TextOf)),
            _ => "",
        };

        private static string Relaxed(string text) =>
            JsonSerializer.Serialize(text, RelaxedJson);
    }
}
