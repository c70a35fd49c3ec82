using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Tests.Json;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>A stream of responses says every text several times: it is masked in every copy.</summary>
public sealed class ResponsesStreamTests
{
    private const string Dialect = "openai.responses";

    private const string Text = "the secret of it";

    private static readonly string[] Events =
    [
        """{"type":"response.created","sequence_number":0,"response":{"id":"r","object":"response","status":"in_progress","output":[]}}""",
        """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"m","type":"message","role":"assistant","content":[]}}""",
        """{"type":"response.content_part.added","sequence_number":2,"item_id":"m","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
        """{"type":"response.output_text.delta","sequence_number":3,"item_id":"m","output_index":0,"content_index":0,"delta":"the se","logprobs":[{"token":"the se"}]}""",
        """{"type":"response.function_call_arguments.delta","sequence_number":4,"item_id":"f","output_index":1,"delta":"{\"a\":\"sec"}""",
        """{"type":"response.output_text.delta","sequence_number":5,"item_id":"m","output_index":0,"content_index":0,"delta":"cret of it","logprobs":[]}""",
        """{"type":"response.function_call_arguments.delta","sequence_number":6,"item_id":"f","output_index":1,"delta":"ret\"}"}""",
        """{"type":"response.output_text.done","sequence_number":7,"item_id":"m","output_index":0,"content_index":0,"text":"the secret of it"}""",
        """{"type":"response.content_part.done","sequence_number":8,"item_id":"m","output_index":0,"content_index":0,"part":{"type":"output_text","text":"the secret of it","annotations":[]}}""",
        """{"type":"response.output_item.done","sequence_number":9,"output_index":0,"item":{"id":"m","type":"message","role":"assistant","content":[{"type":"output_text","text":"the secret of it","annotations":[]}]}}""",
        """{"type":"response.function_call_arguments.done","sequence_number":10,"item_id":"f","output_index":1,"arguments":"{\"a\":\"secret\"}"}""",
        """{"type":"response.output_item.done","sequence_number":11,"output_index":1,"item":{"id":"f","type":"function_call","call_id":"c","name":"send","arguments":"{\"a\":\"secret\"}"}}""",
        """{"type":"response.completed","sequence_number":12,"response":{"id":"r","object":"response","model":"g","status":"completed","output":[{"id":"m","type":"message","role":"assistant","content":[{"type":"output_text","text":"the secret of it","annotations":[]}]},{"id":"f","type":"function_call","call_id":"c","name":"send","arguments":"{\"a\":\"secret\"}"}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}}""",
    ];

    private static readonly WireHead Head =
        new() { Method = "POST", RawPath = "/v1/responses", Status = System.Net.HttpStatusCode.OK, ContentType = "text/event-stream" };

    [Test]
    public void Read_HeldStream_HasTheTextWholeAtItsItem()
    {
        var content = Read(Stream(Events)).Content;
        var texts = content.Where(s => s.Kind == SegmentKind.Message && s.Text.Contains("secret", StringComparison.Ordinal)).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(texts.Select(s => (s.Text, s.Role, s.Position.Block)), Has.All.EqualTo((Text, SegmentRole.Assistant, 0)));
            Assert.That(content.Where(s => s.Kind == SegmentKind.ToolCall && s.Text == "secret").Select(s => s.Position.Block),
                Is.Not.Empty.And.All.EqualTo(1));
            Assert.That(Read(Stream(Events)).Usage, Is.EqualTo(new TokenUsage(1, 2, 3)));
            Assert.That(Read(Stream(Events)).Model, Is.EqualTo("g"));
        }
    }

    [Test]
    public void Rewrite_HeldStream_MasksEveryCopyAndKeepsEveryOtherEvent()
    {
        var message = Read(Stream(Events));
        var edits = message.Content
            .Where(s => s.Text.Contains("secret", StringComparison.Ordinal) && s.Editability == Editability.Span)
            .Select(s => new TextEdit(s.Index, s.ToUtf8(s.Text.IndexOf("secret", StringComparison.Ordinal), 6), "\"*\""u8.ToArray()))
            .ToList();

        var rewrite = message.Rewrite(edits, []);

        Assert.That(rewrite.Failure, Is.Null);
        var after = Encoding.UTF8.GetString(rewrite.Body!.Value.Span).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e.Split('\n')[1]["data: ".Length..]).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after, Has.Count.EqualTo(Events.Length));
            Assert.That(string.Concat(after.Select(e => JsonNode.Parse(e)!).Where(e => TypeOf(e) == "response.output_text.delta").Select(e =>
                e["delta"]!.GetValue<string>())), Is.EqualTo("the \"*\" of it"));
            Assert.That(string.Concat(after.Select(e => JsonNode.Parse(e)!).Where(e =>
                TypeOf(e) == "response.function_call_arguments.delta").Select(e => e["delta"]!.GetValue<string>())),
                Is.EqualTo("{\"a\":\"\\\"*\\\"\"}"));
            Assert.That(string.Join('\n', after), Does.Not.Contain("secret").And.Not.Contain("the se"));
            foreach (var untouched in new[] { 0, 1, 2 })
            {
                Assert.That(after[untouched], Is.EqualTo(Events[untouched]));
            }

            Assert.That(
                JsonNode.Parse(after[^1])!["response"]!["output"]![0]!["content"]![0]!["text"]!.GetValue<string>(), Is.EqualTo("the \"*\" of it"));
            Assert.That(JsonNode.Parse(after[^1])!["response"]!["output"]![1]!["arguments"]!.GetValue<string>(), Is.EqualTo("{\"a\":\"\\\"*\\\"\"}"));
        }
    }

    [Test]
    public void Read_TwoItems_AreTwoChannels()
    {
        var stream = new StreamReading(Dialect,
        [
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}""",
            """{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"b"}""",
            """{"type":"response.refusal.delta","output_index":0,"content_index":0,"delta":"c"}""",
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"d"}""",
        ]);
        Assert.That(stream.Content.JoinedTexts.Select(j => Encoding.UTF8.GetString(j.Utf8.Span)), Is.EqualTo(new[] { "ad" }));
    }

    private static string TypeOf(JsonNode e) => e["type"]!.GetValue<string>();

    private static byte[] Stream(IEnumerable<string> events) => Encoding.UTF8.GetBytes(string.Concat(
        events.Select(e => $"event: {JsonNode.Parse(e)!["type"]}\ndata: {e}\n\n")));

    private static WireMessage Read(byte[] stream)
    {
        var result = WireReader.ReadResponse(Head, stream, true, GuardrailNeeds.Content, PlanLimits.Default);
        return result.Message ?? throw new AssertionException(result.Failure!.Reason);
    }
}
