using System.Text;

namespace LlmGuard.Http.Tests.Json;

/// <summary>Events that are read as one stream: joined texts, assembled arguments, an envelope that is read once.</summary>
public sealed class JsonStreamStateTests
{
    private const string OpenAi = "openai.chat_completions";
    private const string Anthropic = "anthropic.messages";

    [Test]
    public void Read_DeltasOfTwoChoices_AreJoinedEachOnItsOwn()
    {
        var stream = new StreamReading(OpenAi, new[] { "a0", "b1", "c0", "d1" }.Select(t => Delta(t[1] - '0', "\"content\":\"" + t[0] + "\"")));
        Assert.That(stream.Content.JoinedTexts.Select(j => Encoding.UTF8.GetString(j.Utf8.Span)), Is.EqualTo(new[] { "ac", "bd" }));
    }

    [Test]
    public void Read_TheEnvelope_IsReadOnce()
    {
        var stream = new StreamReading(OpenAi, [Delta(0, "\"content\":\"a\""), Delta(0, "\"content\":\"b\"")]);
        Assert.That(stream.Content.Select(s => s.Text), Is.EqualTo(new[] { "id1", "m", "a", "b" }));
    }

    [Test]
    public void Read_ArgumentsInFragments_AreAssembledAndEditedWhereTheyStand()
    {
        string[] fragments = ["{\"to\": \"a\\u00", "40b.c", "d\", \"n\": 1.0", "e400}"];
        var stream = new StreamReading(OpenAi, fragments.Select(f => Delta(
            0, "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + System.Text.Json.JsonSerializer.Serialize(f) + "}}]")));
        var leaf = stream.Content.Single(s => s.Text == "a@b.cd");
        var events = stream.Rewrite(new TextEdit(leaf.Index, new TextSpan(0, 6), "\"x\""u8.ToArray()));

        Assert.That((leaf.Kind, leaf.Role), Is.EqualTo((SegmentKind.ToolCall, SegmentRole.Assistant)));
        Assert.That(string.Concat(events.Select(ArgumentsOf)), Is.EqualTo("{\"to\": \"\\\"x\\\"\", \"n\": 1.0e400}"));
        Assert.That(events.Select(ArgumentsOf), Is.EqualTo(new[] { "{\"to\": \"\\\"x\\\"", "", "\", \"n\": 1.0", "e400}" }));
    }

    [Test]
    public void Read_TwoInterleavedCalls_AreAssembledApart()
    {
        string Call(int index, string text) => Delta(0, "\"tool_calls\":[{\"index\":" + index + ",\"function\":{\"arguments\":"
            + System.Text.Json.JsonSerializer.Serialize(text) + "}}]");
        var stream = new StreamReading(OpenAi, [Call(0, "{\"a\":"), Call(1, "{\"b\":"), Call(0, "\"x\"}"), Call(1, "\"y\"}")]);
        Assert.That(stream.Content.Where(s => s.Group >= 0).Select(s => s.Text), Is.EqualTo(new[] { "a", "x", "b", "y" }));
    }

    [Test]
    public void Read_ArgumentsThatAreNoJson_AreOneText()
    {
        var stream = new StreamReading(Anthropic, new[] { "{\"q\": \"se", "cret" }.Select(PartialJson));
        var text = stream.Content.Single(s => s.Kind == SegmentKind.ToolCall);
        var events = stream.Rewrite(new TextEdit(text.Index, new TextSpan(7, 6), "***"u8.ToArray()));
        Assert.That(events, Is.EqualTo(new[] { PartialJson("{\"q\": \"***"), PartialJson("") }));
    }

    [Test]
    public void Complete_AmbiguousArguments_Fails() => Assert.That(
        new StreamReading(Anthropic, [PartialJson("{\"a\":1,"), PartialJson("\"a\":2}")]).Failure,
        Is.EqualTo(new GuardrailFailure(FailureClass.Output, FailureReasons.Undecodable)));

    [Test]
    public void Distribute_EditOfAKey_IsNotApplicable()
    {
        var state = new LlmGuard.Http.Json.JsonStreamState();
        var builder = new GuardrailContentBuilder();
        var options =
            new LlmGuard.Http.Json.JsonReadOptions { Direction = LlmGuard.Http.Json.JsonDirection.StreamEvent, Dialect = Anthropic, Stream = state };
        LlmGuard.Http.Json.JsonBodyReader.Read(Encoding.UTF8.GetBytes(PartialJson("{\"key\":1}")), options, builder);
        Assert.That(state.Complete(builder), Is.Null);
        var key = builder.Build().Single(s => s.Text == "key");
        Assert.That(state.Distribute([new TextEdit(key.Index, new TextSpan(0, 3), default)])?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [Test]
    public void Read_TextBlocksOfOneAnswer_AreJoinedAcrossBlocks()
    {
        string Text(int index, string text) =>
            "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}}";
        var stream = new StreamReading(Anthropic, [Text(0, "41"), "{\"type\":\"ping\"}", Text(1, "11")]);
        Assert.That(Encoding.UTF8.GetString(stream.Content.JoinedTexts.Single().Utf8.Span), Is.EqualTo("4111"));
    }

    private static string Delta(int choice, string delta) =>
        "{\"id\":\"id1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":" + choice + ",\"delta\":{"
            + delta + "},\"logprobs\":null,\"finish_reason\":null}]}";

    private static string PartialJson(string text) =>
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":" + Quoted(text) + "}}";

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static string ArgumentsOf(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("function")
            .GetProperty("arguments").GetString()!;
    }
}
