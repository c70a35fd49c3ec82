using System.Text;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Tests.Dialects;

public sealed class DialectRegistryTests
{
    private const string OpenAi = "openai.chat_completions";
    private const string Gemini = "google.gemini";
    private const string Converse = "bedrock.converse";
    private const string Invoke = "bedrock.invoke_model";
    private const string Anthropic = "anthropic.messages";
    private const string Responses = "openai.responses";
    private const string Completions = "openai.completions";
    private const string Embeddings = "openai.embeddings";
    private const string Mistral = "mistral.chat";
    private const string Mcp = "mcp.jsonrpc";

    [Test]
    public void Ids_OfTheRegistry_AreThoseAPolicyMayName()
    {
        Assert.That(DialectRegistry.Ids, Is.EquivalentTo(LlmGuard.Policy.KnownDialects.Ids));
    }

    [TestCase("POST", "/v1/chat/completions", OpenAi)]
    [TestCase("post", "/v1/chat/completions/", OpenAi)]
    [TestCase("POST", "/openai/v1/chat/completions", OpenAi)]
    [TestCase("POST", "/openai/deployments/gpt-4o/chat/completions", OpenAi)]
    [TestCase("POST", "/api/v1/chat/completions", OpenAi)]
    [TestCase("POST", "/V1/Chat/COMPLETIONS", OpenAi)]
    [TestCase("POST", "/v1/chat%2Fcompletions", OpenAi)]
    [TestCase("POST", "/v1/ch%61t/completions", OpenAi)]
    [TestCase("POST", "/v1/ch%2561t/completions", OpenAi)]
    [TestCase("POST", "/v1//chat/./x/../completions;a=b", OpenAi)]
    [TestCase("POST", "/v1\\chat\\completions", OpenAi)]
    [TestCase("POST", "/v1beta/models/gemini-2.5-pro:generateContent", Gemini)]
    [TestCase("POST", "/v1/models/gemini-2.5-pro:streamGenerateContent", Gemini)]
    [TestCase("POST", "/v1beta/models/gemini-2.5-pro%3AstreamGenerateContent", Gemini)]
    [TestCase("POST", "/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent", Gemini)]
    [TestCase("POST", "/v1beta1/projects/p/locations/l/endpoints/1:countTokens", Gemini)]
    [TestCase("POST", "/v1beta/tunedModels/x:generateContent", Gemini)]
    [TestCase("POST", "/v1beta/models/e:embedContent", Gemini)]
    [TestCase("POST", "/v1beta/models/gemini-2.5-pro", null)]
    [TestCase("POST", "/v1/projects/p/locations/l/publishers/anthropic/models/claude:rawPredict", null)]
    [TestCase("POST", "/model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse", Converse)]
    [TestCase("POST", "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse-stream", Converse)]
    [TestCase("POST", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse", Converse)]
    [TestCase("POST", "/model/amazon.titan-text-express-v1/invoke", Invoke)]
    [TestCase("POST", "/prefix/model/x/invoke-with-response-stream", Invoke)]
    [TestCase("POST", "/model/converse", null)]
    [TestCase("POST", "/model/x/count-tokens", null)]
    [TestCase("POST", "/api/chat", "ollama.chat")]
    [TestCase("POST", "/ollama/api/generate", "ollama.generate")]
    [TestCase("POST", "/api/embed", "ollama.embed")]
    [TestCase("POST", "/api/embeddings", "ollama.embed")]
    [TestCase("POST", "/v1/chat", "cohere.v1_chat")]
    [TestCase("POST", "/v2/chat", "cohere.v2_chat")]
    [TestCase("POST", "/v1/messages", Anthropic)]
    [TestCase("POST", "/anthropic/v1/messages/", Anthropic)]
    [TestCase("POST", "/v1/messages/count_tokens", Anthropic)]
    [TestCase("POST", "/v1/responses", Responses)]
    [TestCase("POST", "/v1/responses/input_tokens", Responses)]
    [TestCase("POST", "/v1/responses/compact", Responses)]
    [TestCase("POST", "/openai/responses", Responses)]
    [TestCase("POST", "/openai/v1/responses", Responses)]
    [TestCase("POST", "/openai/deployments/gpt-4o/responses", Responses)]
    [TestCase("POST", "/responses", Responses)]
    [TestCase("POST", "/surveys/responses", null)]
    [TestCase("POST", "/v1/responses/resp_1/cancel", null)]
    [TestCase("POST", "/v1/completions", Completions)]
    [TestCase("POST", "/openai/v1/completions", Completions)]
    [TestCase("POST", "/openai/deployments/gpt-35/completions", Completions)]
    [TestCase("POST", "/v1/engines/davinci/completions", Completions)]
    [TestCase("POST", "/v1/embeddings", Embeddings)]
    [TestCase("POST", "/openai/deployments/ada/embeddings", Embeddings)]
    [TestCase("POST", "/openai/v1/embeddings", Embeddings)]
    [TestCase("POST", "/photos/embeddings", null)]
    [TestCase("POST", "/v1/fim/completions", Mistral)]
    [TestCase("POST", "/v1/agents/completions", Mistral)]
    [TestCase("POST", "/mcp", Mcp)]
    [TestCase("POST", "/tenant/x/MCP/", Mcp)]
    [TestCase("GET", "/mcp", Mcp)]
    [TestCase("DELETE", "/mcp", null)]
    [TestCase("GET", "/v1/responses", null)]
    [TestCase("POST", "/v1/messages/batches", null)]
    [TestCase("POST", "/v1/threads/t/messages", null)]
    [TestCase("POST", "/v1/chat/completions/id", null)]
    [TestCase("GET", "/v1/chat/completions", null)]
    [TestCase("POST", "/", null)]
    [TestCase("POST", "", null)]
    [TestCase("POST", "/../..", null)]
    [TestCase("POST", "/%zz/%", null)]
    public void FromPath_AnySpelling_FindsTheDialect(string method, string path, string? expected) =>
        Assert.That(DialectRegistry.FromPath(method, path), Is.EqualTo(expected));

    [TestCase("""{"model":"m","messages":[]}""", OpenAi)]
    [TestCase("""{"mess\u0061ges":[]}""", OpenAi)]
    [TestCase("""{"\ud800":1,"messages":[]}""", OpenAi)]
    [TestCase("""{"Messages":[]}""", OpenAi)]
    [TestCase("""{"system":"s","max_tokens":1,"messages":[]}""", Anthropic)]
    [TestCase("""{"anthropic_version":"x","messages":[]}""", Anthropic)]
    [TestCase("""{"object":"chat.completion","choices":[]}""", OpenAi)]
    [TestCase("""{"object":"text_completion","choices":[]}""", Completions)]
    [TestCase("""{"type":"message","content":[]}""", Anthropic)]
    [TestCase("""{"system":[],"inferenceConfig":{},"messages":[]}""", "bedrock.converse")]
    [TestCase("""{"messages":[],"toolConfig":{}}""", "bedrock.converse")]
    [TestCase("""{"output":{},"stopReason":"end_turn"}""", "bedrock.converse")]
    [TestCase("""{"inputText":"x"}""", "bedrock.invoke_model")]
    [TestCase("""{"contents":[]}""", "google.gemini")]
    [TestCase("""{"candidates":[]}""", "google.gemini")]
    [TestCase("""{"message":{},"done":true}""", "ollama.chat")]
    [TestCase("""{"response":"x","done":false}""", "ollama.generate")]
    [TestCase("""{"message":"x","chat_history":[]}""", "cohere.v1_chat")]
    [TestCase("""{"event_type":"stream-start","is_finished":false}""", "cohere.v1_chat")]
    [TestCase("""{"id":"x","finish_reason":"COMPLETE","message":{},"usage":{}}""", "cohere.v2_chat")]
    [TestCase("""{"model":"m","input":"x","instructions":"y"}""", Responses)]
    [TestCase("""{"object":"response","output":[]}""", Responses)]
    [TestCase("""{"type":"response.output_text.delta","sequence_number":4,"delta":"x"}""", Responses)]
    [TestCase("""{"model":"m","prompt":"x","max_tokens":1}""", Completions)]
    [TestCase("""{"model":"m","input":"x","encoding_format":"float"}""", Embeddings)]
    [TestCase("""{"model":"m","messages":[],"safe_prompt":true}""", Mistral)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", Mcp)]
    [TestCase("""[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]""", Mcp)]
    [TestCase("""[{"model":"m","messages":[]}]""", null)]
    [TestCase("[", null)]
    [TestCase("""{"a":1}""", null)]
    [TestCase("[1]", null)]
    [TestCase("{", null)]
    [TestCase("", null)]
    public void FromBody_TopLevel_GivesTheDialectAway(string json, string? expected) =>
        Assert.That(DialectRegistry.FromBody(Encoding.UTF8.GetBytes(json)), Is.EqualTo(expected));

    [TestCase(OpenAi, true)]
    [TestCase(Anthropic, true)]
    [TestCase(Mcp, true)]
    [TestCase("", false)]
    [TestCase("OpenAI.chat_completions", false)]
    public void IsKnown_Id_IsExact(string id, bool known) => Assert.That(DialectRegistry.IsKnown(id), Is.EqualTo(known));
}
