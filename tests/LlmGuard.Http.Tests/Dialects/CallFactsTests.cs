using LlmGuard.Http.Json;
using LlmGuard.Http.Tests.Json;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What bodies of the dialects say about their calls.</summary>
public sealed class CallFactsTests
{
    private const string Responses = "openai.responses";
    private const string Completions = "openai.completions";
    private const string Embeddings = "openai.embeddings";
    private const string Mistral = "mistral.chat";
    private const string Mcp = "mcp.jsonrpc";

    [TestCase(Responses, """{"model":"g","stream":true,"input":"x"}""", "g", true, 1)]
    [TestCase(Responses, """{"model":"g","input":[{},{}]}""", "g", false, 2)]
    [TestCase(Responses, """{"model":"g"}""", "g", false, 0)]
    [TestCase(Completions, """{"model":"g","stream":true,"prompt":"x"}""", "g", true, 1)]
    [TestCase(Completions, """{"prompt":["x","y"]}""", null, false, 2)]
    [TestCase(Completions, """{"prompt":[1,2,3]}""", null, false, 1)]
    [TestCase(Completions, """{"prompt":[[1],[2,3]]}""", null, false, 2)]
    [TestCase(Completions, """{"prompt":[]}""", null, false, 1)]
    [TestCase(Completions, """{"prompt":null}""", null, false, 0)]
    [TestCase(Embeddings, """{"model":"e","input":"x","stream":true}""", "e", false, 0)]
    [TestCase(Mistral, """{"model":"m","stream":true,"messages":[{},{}]}""", "m", true, 2)]
    [TestCase(Mistral, """{"model":"m","prompt":"x"}""", "m", false, 1)]
    [TestCase(Mcp, """{"jsonrpc":"2.0","method":"tools/list","id":1}""", null, false, 1)]
    [TestCase(Mcp, """[{"jsonrpc":"2.0"},{"jsonrpc":"2.0"}]""", null, false, 2)]
    public void Request_Facts_AreFound(string dialect, string json, string? model, bool streams, int messages)
    {
        var body = Reading.Of(json, dialect).Body;
        Assert.That((body.Model, body.IsStreaming, body.Messages), Is.EqualTo((model, streams, messages)));
    }

    [TestCase(Responses, """{"input":"x"}""", true, Description = "responses are stored unless the caller says otherwise")]
    [TestCase(Responses, """{"store":false}""", false)]
    [TestCase(Responses, """{"store":null}""", true)]
    [TestCase(Responses, """{"store":false,"background":true}""", true)]
    [TestCase(Responses, """{"store":false,"conversation":"c"}""", true)]
    [TestCase(Responses, """{"store":false,"previous_response_id":"r"}""", true)]
    [TestCase(Responses, """{"store":false,"tools":[{"type":"function"},{"type":"apply_patch"}]}""", false)]
    [TestCase(Responses, """{"store":false,"tools":[{"type":"web_search"}]}""", true)]
    [TestCase(Responses, """{"store":false,"tools":[{"type":"mcp"}]}""", true)]
    [TestCase(Completions, """{"prompt":"x"}""", false)]
    [TestCase(Embeddings, """{"input":"x"}""", false)]
    [TestCase(Mistral, """{"messages":[]}""", false)]
    [TestCase(Mistral, """{"agent_id":"a"}""", true)]
    [TestCase(Mcp, """{"jsonrpc":"2.0","method":"tools/call","id":1}""", true)]
    [TestCase(Mcp, """{"jsonrpc":"2.0","method":"tools/list","id":1}""", false)]
    [TestCase(Mcp, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", false)]
    [TestCase(Mcp, """{"jsonrpc":"2.0","method":"novel/thing","id":1}""", true)]
    [TestCase(Mcp, """{"jsonrpc":"2.0","id":1,"result":{}}""", false)]
    [TestCase(Mcp, """[{"jsonrpc":"2.0","method":"ping","id":1}]""", true)]
    public void Request_StateAtTheProvider_IsFound(string dialect, string json, bool expected) =>
        Assert.That(Reading.Of(json, dialect).Body.CreatesServerState, Is.EqualTo(expected));

    [TestCase(Responses, JsonDirection.Response, """{"model":"g","usage":{"input_tokens":5,"output_tokens":7,"total_tokens":12,"input_tokens_details":{"cached_tokens":2},"output_tokens_details":{"reasoning_tokens":3}}}""", "g")]
    [TestCase(Responses, JsonDirection.StreamEvent, """{"type":"response.completed","response":{"model":"g","usage":{"input_tokens":5,"output_tokens":7,"total_tokens":12,"input_tokens_details":{"cached_tokens":2},"output_tokens_details":{"reasoning_tokens":3}}}}""", "g")]
    [TestCase(Completions, JsonDirection.Response, """{"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}""", null)]
    [TestCase(Mistral, JsonDirection.StreamEvent, """{"model":"m","usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}""", "m")]
    public void Answer_Usage_HasEveryDetail(string dialect, object direction, string json, string? model)
    {
        var body = Reading.Of(json, dialect, (JsonDirection)direction).Body;
        Assert.That((body.Model, body.Usage), Is.EqualTo((model, new TokenUsage(5, 7, 12, 2, 3))));
    }

    [TestCase(Embeddings, """{"usage":{"prompt_tokens":5,"total_tokens":5}}""")]
    public void Answer_OfEmbeddings_HasNoOutputTokens(string dialect, string json) =>
        Assert.That(Reading.Of(json, dialect, JsonDirection.Response).Body.Usage, Is.EqualTo(new TokenUsage(5, null, 5)));

    [TestCase(Responses)]
    [TestCase(Completions)]
    [TestCase(Embeddings)]
    [TestCase(Mistral)]
    [TestCase(Mcp)]
    public void Answer_WithoutUsage_ReportsNone(string dialect) =>
        Assert.That(Reading.Of("""{"usage":null}""", dialect, JsonDirection.Response).Body.Usage, Is.Null);

    [TestCase("""{"jsonrpc":"2.0","method":"tools/call","id":"a\"\u00e9"}""", "\"a\\\"é\"")]
    [TestCase("""{"jsonrpc":"2.0","method":"tools/call","id":17}""", "17")]
    [TestCase("""{"jsonrpc":"2.0","method":"tools/call","id":null}""", null)]
    [TestCase("""{"jsonrpc":"2.0","method":"tools/list","id":17}""", null)]
    [TestCase("""{"jsonrpc":"2.0","method":"tools/call"}""", null)]
    public void Request_CallOfATool_NamesWhatToReplyTo(string json, string? expected) =>
        Assert.That(Reading.Of(json, Mcp).Body.ReplyTo, Is.EqualTo(expected));
}
