using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What holds for the refusals of every dialect, and how those of OpenAI's kin, Mistral and MCP look.</summary>
public sealed class DialectRefusalTests
{
    private const string Message = "Not \"this\" way. \u00e9\n";

    private static IEnumerable<string> Ids() => DialectRegistry.Ids;

    private static IEnumerable<TestCaseData> Completions() =>
        from id in DialectRegistry.Ids
        from isStreaming in new[] { false, true }
        where DialectRegistry.Find(id)!.Completion(Call(isStreaming)) is not null
        select new TestCaseData(id, isStreaming);

    [TestCaseSource(nameof(Ids))]
    public void Error_OfEveryDialect_SaysTheMessageAndNothingElseOfTheCall(string id)
    {
        var error = DialectRegistry.Find(id)!.Error(Call(isStreaming: false));
        Assert.That(Strings(JsonNode.Parse(error.Body.Span)), Has.Member(Message));
        Assert.That(Read(id, error).Where(s => s.Text == Message).Select(s => s.Kind),
            Is.Not.Empty.And.All.EqualTo(SegmentKind.Error).Or.All.EqualTo(SegmentKind.Unknown));
    }

    [TestCaseSource(nameof(Completions))]
    public void Completion_OfEveryDialect_IsReadBackAsTheModelsOrAToolsText(string id, bool isStreaming)
    {
        var texts = Read(id, DialectRegistry.Find(id)!.Completion(Call(isStreaming))!).Where(s => s.Text == Message).ToList();
        Assert.That(texts.Select(s => s.Kind), Has.Some.EqualTo(SegmentKind.Message).Or.Some.EqualTo(SegmentKind.ToolResult));
        Assert.That(texts.Select(s => s.Role), Has.All.EqualTo(SegmentRole.Assistant).Or.All.EqualTo(SegmentRole.Tool));
    }

    [TestCase("openai.responses")]
    [TestCase("openai.completions")]
    [TestCase("openai.embeddings")]
    public void Error_OfOpenAIsKin_IsTheErrorItsSdksRaise(string id) => AssertJson(
        DialectRegistry.Find(id)!.Error(Call(isStreaming: false)),
        """{"error":{"message":"Not \"this\" way. \u00e9\n","type":"guardrail_blocked","param":null,"code":"data_masking"}}""");

    [Test]
    public void Error_OfMistral_IsFlat() => AssertJson(
        DialectRegistry.Find("mistral.chat")!.Error(Call(isStreaming: false)),
        """{"object":"error","message":"Not \"this\" way. \u00e9\n","type":"guardrail_blocked","param":null,"code":"data_masking"}""");

    [TestCase(null, "null")]
    [TestCase("17", "17")]
    [TestCase("\"a\\\"b\"", "\"a\\\"b\"")]
    public void Error_OfMcp_RepeatsTheIdOfTheCall(string? replyTo, string id) => AssertJson(
        DialectRegistry.Find("mcp.jsonrpc")!.Error(Call(isStreaming: false) with { ReplyTo = replyTo }),
        """{"jsonrpc":"2.0","id":@,"error":{"code":-32000,"message":"Not \"this\" way. \u00e9\n","data":{"type":"guardrail_blocked","code":"data_masking"}}}"""
            .Replace("@", id, StringComparison.Ordinal));

    [Test]
    public void Completion_OfMcp_IsAFailedToolThatTheModelSees() => AssertJson(
        DialectRegistry.Find("mcp.jsonrpc")!.Completion(Call(isStreaming: false) with { ReplyTo = "17" })!,
        """{"jsonrpc":"2.0","id":17,"result":{"content":[{"type":"text","text":"Not \"this\" way. \u00e9\n"}],"isError":true}}""");

    [Test]
    public void Completion_OfMcpForAnythingButATool_IsItsError()
    {
        var body = RefusalBody.Render(Call(isStreaming: false) with { ReplyTo = null }, "mcp.jsonrpc", asCompletion: true);
        Assert.That((body.StatusCode, JsonNode.Parse(body.Body.Span)!["error"]!["code"]!.GetValue<int>()), Is.EqualTo((403, -32000)));
    }

    [Test]
    public void Completion_OfEmbeddings_IsTheirError() => Assert.That(
        RefusalBody.Render(Call(isStreaming: false), "openai.embeddings", asCompletion: true).StatusCode, Is.EqualTo(403));

    [Test]
    public void Completion_OfMistral_UsesItsOwnWords()
    {
        var choice = JsonNode.Parse(DialectRegistry.Find("mistral.chat")!.Completion(Call(isStreaming: false))!.Body.Span)!["choices"]![0]!;
        Assert.That((choice["finish_reason"]!.GetValue<string>(), choice["message"]!.AsObject().ContainsKey("refusal")), Is.EqualTo(("stop", false)));
    }

    [Test]
    public void Completion_OfResponsesStreamed_NumbersItsEventsAndEndsIncomplete()
    {
        var stream = Encoding.UTF8.GetString(DialectRegistry.Find("openai.responses")!.Completion(Call(isStreaming: true))!.Body.Span);
        var events = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(e => (Name: e.Split('\n')[0]["event: ".Length..], Data: JsonNode.Parse(e.Split('\n')[1]["data: ".Length..])!)).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(events.Select(e => e.Data["sequence_number"]!.GetValue<int>()), Is.EqualTo(Enumerable.Range(0, events.Count)));
            Assert.That(events.Select(e => e.Data["type"]!.GetValue<string>()), Is.EqualTo(events.Select(e => e.Name)));
            Assert.That(events[^1].Name, Is.EqualTo("response.incomplete"));
            Assert.That(events[^1].Data["response"]!["incomplete_details"]!["reason"]!.GetValue<string>(), Is.EqualTo("content_filter"));
            Assert.That(stream, Does.Not.Contain("[DONE]"));
        }
    }

    private static RefusedCall Call(bool isStreaming) => new()
    {
        Refusal = new Refusal { StatusCode = 403, Code = "data_masking", Message = Message, IsPolicyBlock = true },
        CallId = "abc",
        Model = "m",
        IsStreaming = isStreaming,
        ReplyTo = "1",
    };

    private static GuardrailContent Read(string dialect, DialectAnswer answer)
    {
        var head = new WireHead { Method = "POST", RawPath = "/", Status = System.Net.HttpStatusCode.OK, ContentType = answer.ContentType,
            Dialect = dialect };
        var result = WireReader.ReadResponse(head, answer.Body, true, GuardrailNeeds.Content, PlanLimits.Default);
        return result.Message?.Content ?? throw new AssertionException(result.Failure!.Reason);
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Strings(m.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };

    private static void AssertJson(DialectAnswer answer, string expected) =>
        Assert.That(JsonNode.Parse(answer.Body.Span)!.ToJsonString(), Is.EqualTo(JsonNode.Parse(expected)!.ToJsonString()));
}
