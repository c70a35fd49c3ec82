using LlmGuard.Http.Json;
using LlmGuard.Http.Tests.Json;

namespace LlmGuard.Http.Tests.Dialects;

public sealed class RequestChangeTests
{
    private const string OpenAi = "openai.chat_completions";
    private const string Anthropic = "anthropic.messages";
    private const string Responses = "openai.responses";
    private const string Completions = "openai.completions";
    private const string Embeddings = "openai.embeddings";
    private const string Mistral = "mistral.chat";
    private const string Mcp = "mcp.jsonrpc";

    [TestCase(OpenAi, """{ "model" : "a", "x":1.0e400}""", """{ "model" : "b\"", "x":1.0e400}""")]
    [TestCase(OpenAi, """{"x":1}""", """{"model":"b\"","x":1}""")]
    [TestCase(Anthropic, "{}", """{"model":"b\""}""")]
    [TestCase(OpenAi, """{"Model":null}""", """{"Model":"b\""}""")]
    [TestCase(Responses, """{"model":"a","input":"x"}""", """{"model":"b\"","input":"x"}""")]
    [TestCase(Completions, """{"prompt":"x"}""", """{"model":"b\"","prompt":"x"}""")]
    [TestCase(Embeddings, """{"input":"x","model":"a"}""", """{"input":"x","model":"b\""}""")]
    [TestCase(Mistral, """{"model":"a"}""", """{"model":"b\""}""")]
    public void Model_IsReplacedOrAdded(string dialect, string json, string expected) =>
        Assert.That(Reading.Of(json, dialect).Change(new RequestChange.Model("b\"")), Is.EqualTo(expected));

    [TestCase(OpenAi, """{"max_tokens":500}""", """{"max_tokens":100}""")]
    [TestCase(OpenAi, """{"max_tokens":50}""", "(unchanged)")]
    [TestCase(OpenAi, """{"max_completion_tokens":1e9,"max_tokens":500}""", """{"max_completion_tokens":100,"max_tokens":100}""")]
    [TestCase(OpenAi, """{"max_tokens":null}""", """{"max_tokens":100}""")]
    [TestCase(OpenAi, """{"a":1}""", """{"max_completion_tokens":100,"a":1}""")]
    [TestCase(Anthropic, """{"max_tokens":500}""", """{"max_tokens":100}""")]
    [TestCase(Anthropic, "{}", """{"max_tokens":100}""")]
    [TestCase(Responses, """{"max_output_tokens":500}""", """{"max_output_tokens":100}""")]
    [TestCase(Responses, """{"a":1}""", """{"max_output_tokens":100,"a":1}""")]
    [TestCase(Completions, """{"max_tokens":500}""", """{"max_tokens":100}""")]
    [TestCase(Mistral, """{"max_tokens":50}""", "(unchanged)")]
    [TestCase(Embeddings, """{"input":"x"}""", "(unchanged)")]
    public void MaxTokens_LowersAndNeverRaises(string dialect, string json, string expected) =>
        Assert.That(Reading.Of(json, dialect).Change(new RequestChange.MaxTokens(100)), Is.EqualTo(expected));

    [TestCase(OpenAi, """{"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    [TestCase(OpenAi, """{"stream":true,"stream_options":null}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [TestCase(OpenAi, """{"stream":true,"stream_options":{}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [TestCase(OpenAi, """{"stream":true,"stream_options":{"include_usage":false}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [TestCase(OpenAi, """{"stream":true,"stream_options":{"include_usage":true}}""", "(unchanged)")]
    [TestCase(OpenAi, """{"stream":false}""", "(unchanged)")]
    [TestCase(Anthropic, """{"stream":true}""", "(unchanged)")]
    [TestCase(Completions, """{"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    [TestCase(Responses, """{"stream":true}""", "(unchanged)")]
    [TestCase(Mistral, """{"stream":true}""", "(unchanged)")]
    [TestCase(Mcp, """{"jsonrpc":"2.0"}""", "(unchanged)")]
    public void ReportUsage_IsAskedForWhereItIsNeeded(string dialect, string json, string expected) =>
        Assert.That(Reading.Of(json, dialect).Change(new RequestChange.ReportUsage()), Is.EqualTo(expected));

    [Test]
    public void Changes_Together_AreAllCarriedOut() => Assert.That(
        Reading.Of("""{"model":"a","max_tokens":9}""", OpenAi).Change(
            new RequestChange.Model("b"), new RequestChange.Header("x", "y"), new RequestChange.MaxTokens(5), new RequestChange.Model("c")),
        Is.EqualTo("""{"model":"c","max_tokens":5}"""));

    [TestCase(null, """{"model":"a"}""", false)]
    [TestCase(OpenAi, "[]", false)]
    [TestCase(OpenAi, """{"model":"a"}""", true)]
    [TestCase(Mcp, """{"jsonrpc":"2.0"}""", false)]
    public void Model_WhereNoDialectKnowsHow_IsNotApplicable(string? dialect, string json, bool isResponse) => Assert.That(
        Reading.Of(json, dialect, isResponse ? JsonDirection.Response : JsonDirection.Request).Body.Rewrite([], [new RequestChange.Model("b")])
            .Failure?.Reason,
        Is.EqualTo(FailureReasons.MaskNotApplicable));

    [TestCase("""{"max_tokens":"many"}""")]
    [TestCase("""{"max_tokens":[1]}""")]
    public void MaxTokens_IllTyped_IsNotApplicable(string json) => Assert.That(
        Reading.Of(json, OpenAi).Body.Rewrite([], [new RequestChange.MaxTokens(5)]).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));

    [Test]
    public void HeaderAndQuery_AreTheCallersBusiness() => Assert.That(
        Reading.Of("[]").Change(new RequestChange.Header("x", "y"), new RequestChange.QueryValue("a", null)), Is.EqualTo("(unchanged)"));
}
