using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Http.Tests.Json;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What holds for whole bodies: nothing is skipped, parts are joined, facts are found, derived copies go.</summary>
public sealed class DialectReadingTests
{
    private const string OpenAi = "openai.chat_completions";
    private const string Anthropic = "anthropic.messages";

    [TestCase(OpenAi, """{"unknown_field":"@"}""")]
    [TestCase(OpenAi, """{"messages":"@"}""")]
    [TestCase(OpenAi, """{"messages":["@"]}""")]
    [TestCase(OpenAi, """{"messages":{"0":"@"}}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":{"text":"@"}}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":[{"type":"hologram","beam":{"x":["@"]}}]}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":[{"type":"text","text":{"value":"@"}}]}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":[["@"]]}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":"x","extra":[{"a":"@"}]}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":"x","@":1}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":["@"],"content":"x"}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"@","content":"x"}]}""")]
    [TestCase(OpenAi, """{"messages":[{"tool_calls":"@"}]}""")]
    [TestCase(OpenAi, """{"messages":[{"tool_calls":[{"type":"@"}]}]}""")]
    [TestCase(OpenAi, """{"messages":[{"tool_calls":[{"function":{"arguments":{"a":"@"}}}]}]}""")]
    [TestCase(OpenAi, """{"temperature":"@","stream":["@"]}""")]
    [TestCase(OpenAi, """{"model":"@"}""")]
    [TestCase(OpenAi, """{"model":{"a":"@"}}""")]
    [TestCase(OpenAi, """["@"]""")]
    [TestCase(OpenAi, "\"@\"")]
    [TestCase(Anthropic, """{"system":{"a":"@"}}""")]
    [TestCase(Anthropic, """{"messages":[{"role":"user","content":[{"type":"novel","chapter":"@"}]}]}""")]
    [TestCase(Anthropic, """{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"novel","data":"@"}}]}]}""")]
    [TestCase(Anthropic, """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"@ not base64"}}]}]}""")]
    [TestCase(Anthropic, """{"messages":[{"role":"user","content":[{"type":"tool_result","content":{"a":"@"}}]}]}""")]
    [TestCase(Anthropic, """{"thinking":{"type":"@"}}""")]
    [TestCase(null, """{"a":["@"]}""")]
    [TestCase(null, """{"@":0}""")]
    public void Read_TextInAnUnexpectedPlace_IsSeen(string? dialect, string json) =>
        Assert.That(Reading.Of(json.Replace("@", "MARKER", StringComparison.Ordinal), dialect).Holding("MARKER"), Is.Not.Empty);

    [TestCase("""{"messages":[{"role":"user","CONTENT":"@"}]}""", "message")]
    [TestCase("""{"messages":[{"role":"user","con_tent":"@"}]}""", "message")]
    [TestCase("""{"MESSAGES":[{"Role":"user","Content":"@"}]}""", "message")]
    [TestCase("""{"messages":[{"role":"assistant","toolCalls":[{"Function":{"Arguments":"{\"a\":\"x\\u0040@\"}"}}]}]}""", "tool_call")]
    public void Read_NameInAnotherSpelling_IsMatched(string json, string kind)
    {
        var seen = Reading.Of(json.Replace("@", "MARKER", StringComparison.Ordinal), OpenAi).Holding("MARKER").Single();
        Assert.That((seen.Kind.Value, seen.Text.Contains('u', StringComparison.Ordinal)), Is.EqualTo((kind, false)));
    }

    [Test]
    public void Read_ContentAsNumber_IsEditedWhole()
    {
        var reading = Reading.Of("""{"messages":[{"role":"user","content": 4111111111111111 }]}""", OpenAi);
        var segment = reading.Holding("4111").Single();
        Assert.That((segment.Role, segment.Kind, segment.Editability), Is.EqualTo((SegmentRole.User, SegmentKind.Message, Editability.WholeValue)));
        Assert.That(Text(reading.Replace("4111", "[CARD]")), Is.EqualTo("""{"messages":[{"role":"user","content": "[CARD]" }]}"""));
    }

    [TestCase("null")]
    [TestCase("\"\"")]
    [TestCase("[]")]
    public void Read_EmptyContent_HasNoSegment(string content) =>
        Assert.That(Reading.Of("{\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}", OpenAi).Content, Is.Empty);

    [TestCase("narrator", "narrator")]
    [TestCase("User", "User")]
    public void Read_UnknownRole_IsReportedAsItIsAndRead(string role, string expected)
    {
        var reading = Reading.Of("{\"messages\":[{\"role\":\"" + role + "\",\"content\":\"x\"}]}", OpenAi);
        Assert.That(reading.Content.Select(s => (s.Role.Value, s.Role.IsKnown, s.Text)),
            Is.EqualTo(new[] { (expected, false, role), (expected, false, "x") }));
    }

    [TestCase(OpenAi, """{"messages":[{"role":"user","content":[{"type":"text","text":"41111111","cache_control":{"x":"y"}},{"type":"image_url","image_url":{"url":"https://x.test/a"}},{"type":"text","text":"11111111"}]}]}""")]
    [TestCase(OpenAi, """{"messages":[{"role":"user","content":[{"type":"text","text":"41111111"},{"type":"new","text":"11111111"}]}]}""")]
    [TestCase(Anthropic, """{"system":[{"type":"text","text":"41111111","cache_control":{"type":"ephemeral"}},{"type":"text","text":"11111111"}]}""")]
    [TestCase(Anthropic, """{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"41111111"},{"type":"text","text":"11111111"}]}]}]}""")]
    public void Read_TextParts_AreJoined(string dialect, string json)
    {
        var joined = Reading.Of(json, dialect).Content.JoinedTexts.Single();
        Assert.That(Encoding.UTF8.GetString(joined.Utf8.Span), Is.EqualTo("4111111111111111"));
    }

    [Test]
    public void Read_TextsOfTwoMessages_AreNotJoined()
    {
        const string Message = """{"role":"user","content":[{"type":"text","text":"ab"}]}""";
        Assert.That(Reading.Of("{\"messages\":[" + Message + "," + Message + "]}", OpenAi).Content.JoinedTexts, Is.Empty);
    }

    [Test]
    public void Read_ToolArguments_ShareAGroupOfTheirOwnAndTheToolsName()
    {
        const string Call = """{"function":{"name":"send","arguments":"{\"a\":\"x\",\"n\":1}"}}""";
        var leaves = Reading.Of("{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[" + Call + "," + Call + "]}]}", OpenAi)
            .Content.Where(s => s.Group >= 0).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(leaves.Select(s => s.Kind.Value),
                Is.EqualTo(new[] { "key", "tool_call", "key", "tool_call", "key", "tool_call", "key", "tool_call" }));
            Assert.That(leaves.GroupBy(s => s.Group).Select(g => g.Count()), Is.EqualTo(new[] { 4, 4 }));
            Assert.That(leaves.Select(s => s.Name), Has.All.EqualTo("send"));
            Assert.That(leaves.Select(s => s.Position.Block), Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 1 }));
        }
    }

    [Test]
    public void Read_Positions_AreThoseOfTheConversation()
    {
        var request =
            Reading.Of(
            """{"messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"b"},{"type":"text","text":"c"}]}]}""",
            OpenAi);
        var answer =
            Reading.Of("""{"choices":[{"index":3,"message":{"content":"d"}},{"message":{"content":"e"}}]}""", OpenAi, JsonDirection.Response);
        Assert.That(request.Content.Concat(answer.Content).Select(s => s.Position), Is.EqualTo(new SegmentPosition[]
        {
            new(Message: 0), new(Message: 1, Part: 0), new(Message: 1, Part: 1), new(Choice: 3), new(Choice: 1),
        }));
    }

    [Test]
    public void Rewrite_OneOfTwoChoices_DropsOnlyItsLogProbabilities()
    {
        const string Json = """{"choices":[{"index":0,"message":{"content":"secret"},"logprobs":{"content":[{"token":"secret"}]}},{"index":1,"message":{"content":"fine"},"logprobs":{"content":[{"token":"fine"}]}}]}""";
        Assert.That(Text(Reading.Of(Json, OpenAi, JsonDirection.Response).Replace("secret", "***")), Is.EqualTo(
            """{"choices":[{"index":0,"message":{"content":"***"},"logprobs":null},{"index":1,"message":{"content":"fine"},"logprobs":{"content":[{"token":"fine"}]}}]}"""));
    }

    [Test]
    public void Rewrite_TheAnnotatedText_EmptiesTheAnnotationsAndAnEditOfATitleDoesNot()
    {
        const string Json =
            """{"choices":[{"message":{"annotations":[{"type":"url_citation","url_citation":{"title":"t","start_index":0}}],"content":"c"}}]}""";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Text(Reading.Of(Json, OpenAi, JsonDirection.Response).Replace("c", "x")), Does.Contain("\"annotations\":[],\"content\":\"x\""));
            Assert.That(Text(Reading.Of(Json, OpenAi, JsonDirection.Response).Replace("t", "x")), Does.Contain("\"title\":\"x\",\"start_index\":0"));
        }
    }

    [Test]
    public void Read_AuthorizationTokenOfAnMcpServer_IsNoSegment() => Assert.That(
        Reading.Of("""{"mcp_servers":[{"type":"url","url":"https://x.test","name":"n","authorization_token":"MARKER"}]}""", Anthropic)
            .Holding("MARKER"), Is.Empty);

    [TestCase("data:text/plain;charset=utf-16;base64,QUJD")]
    [TestCase("data:text/plain;base64,/////w==")]
    [TestCase("data:text/plain;base64,???")]
    public void Read_TextPayloadThatCannotBeDecoded_IsReported(string url) => Assert.That(
        Reading.Of("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}]}]}", OpenAi)
            .Uninspected().Select(s => s.Uninspected),
        Is.EqualTo(new[] { UninspectedKind.UndecodableText }));

    [TestCase(OpenAi, """{"store":true}""", true)]
    [TestCase(OpenAi, """{"store":false}""", false)]
    [TestCase(OpenAi, """{"web_search_options":{}}""", true)]
    [TestCase(OpenAi, """{"conversation":"c"}""", true)]
    [TestCase(OpenAi, """{"previous_response_id":"r"}""", true)]
    [TestCase(OpenAi, """{"tools":[{"type":"function"}]}""", false)]
    [TestCase(Anthropic, """{"container":"c"}""", true)]
    [TestCase(Anthropic, """{"tools":[{"type":"custom","name":"f"}]}""", false)]
    [TestCase(Anthropic, """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", true)]
    [TestCase(Anthropic, """{"mcp_servers":[{"url":"https://x.test"}]}""", true)]
    public void Read_CreatesServerState(string dialect, string json, bool expected) =>
        Assert.That(Reading.Of(json, dialect).Body.CreatesServerState, Is.EqualTo(expected));

    [Test]
    public void Read_Facts_AreFound()
    {
        var request = Reading.Of("""{"model":"gpt-x","stream":true,"messages":[{},{}]}""", OpenAi).Body;
        var answer = Reading.Of(
            """{"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}""",
            OpenAi,
            JsonDirection.Response).Body;
        var claude = Reading.Of(
            """{"model":"c","usage":{"input_tokens":5,"cache_read_input_tokens":2,"cache_creation_input_tokens":1,"output_tokens":7}}""", Anthropic,
            JsonDirection.Response).Body;
        var start =
            Reading.Of("""{"type":"message_start","message":{"model":"c","usage":{"input_tokens":5}}}""", Anthropic, JsonDirection.StreamEvent).Body;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((request.Model, request.IsStreaming, request.Messages), Is.EqualTo(("gpt-x", true, 2)));
            Assert.That(answer.Usage, Is.EqualTo(new TokenUsage(5, 7, 12, 2, 3)));
            Assert.That(claude.Usage, Is.EqualTo(new TokenUsage(8, 7, 15, 2)));
            Assert.That((start.Model, start.Usage), Is.EqualTo(("c", new TokenUsage(5, null, null))));
        }
    }

    private static string Text(JsonRewrite rewrite)
    {
        Assert.That(rewrite.Failure, Is.Null);
        return Encoding.UTF8.GetString(rewrite.Bytes!.Value.Span);
    }
}
