using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Tests.Json;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What Gemini, Bedrock, Ollama and Cohere say about a call, and how it is changed.</summary>
public sealed class VendorFactsTests
{
    private const string Gemini = "google.gemini";
    private const string Converse = "bedrock.converse";
    private const string Invoke = "bedrock.invoke_model";
    private const string Chat = "ollama.chat";
    private const string Cohere = "cohere.v2_chat";
    private const string First = "cohere.v1_chat";

    [TestCase(Gemini, """{"contents":[]}""", """{"generationConfig":{"maxOutputTokens":100},"contents":[]}""")]
    [TestCase(Gemini, """{"generationConfig":{"maxOutputTokens":500}}""", """{"generationConfig":{"maxOutputTokens":100}}""")]
    [TestCase(Gemini, """{"generation_config":{"max_output_tokens":500}}""", """{"generation_config":{"max_output_tokens":100}}""")]
    [TestCase(Gemini, """{"generationConfig":{"maxOutputTokens":50}}""", "(unchanged)")]
    [TestCase(Gemini, """{"generationConfig":null}""", """{"generationConfig":{"maxOutputTokens":100}}""")]
    [TestCase(Gemini, """{"generationConfig":{"topK":1}}""", """{"generationConfig":{"maxOutputTokens":100,"topK":1}}""")]
    [TestCase(Converse, "{}", """{"inferenceConfig":{"maxTokens":100}}""")]
    [TestCase(Converse, """{"inferenceConfig":{"maxTokens":1e3}}""", """{"inferenceConfig":{"maxTokens":100}}""")]
    [TestCase(Invoke, """{"anthropic_version":"v","messages":[],"max_tokens":500}""", """{"anthropic_version":"v","messages":[],"max_tokens":100}""")]
    [TestCase(Invoke, """{"inputText":"x"}""", """{"textGenerationConfig":{"maxTokenCount":100},"inputText":"x"}""")]
    [TestCase(Invoke, """{"prompt":"x","max_gen_len":500}""", """{"prompt":"x","max_gen_len":100}""")]
    [TestCase(Invoke, """{"messages":[],"inferenceConfig":{"maxTokens":500}}""", """{"messages":[],"inferenceConfig":{"maxTokens":100}}""")]
    [TestCase(Chat, """{"messages":[]}""", """{"options":{"num_predict":100},"messages":[]}""")]
    [TestCase(Chat, """{"options":{"num_predict":-1}}""", """{"options":{"num_predict":100}}""")]
    [TestCase(Cohere, """{"max_tokens":500}""", """{"max_tokens":100}""")]
    [TestCase(First, """{"message":"x"}""", """{"max_tokens":100,"message":"x"}""")]
    public void MaxTokens_LowersAndNeverRaises(string dialect, string json, string expected) =>
        Assert.That(Reading.Of(json, dialect).Change(new RequestChange.MaxTokens(100)), Is.EqualTo(expected));

    [TestCase(Gemini, """{"generationConfig":"many"}""")]
    [TestCase(Gemini, """{"generationConfig":{"maxOutputTokens":"many"}}""")]
    [TestCase(Invoke, """{"prompt":"whose limit has a name that only its family knows"}""")]
    [TestCase("ollama.embed", """{"input":"x"}""")]
    public void MaxTokens_WhereItHasNoPlace_IsNotApplicable(string dialect, string json) => Assert.That(
        Reading.Of(json, dialect).Body.Rewrite([], [new RequestChange.MaxTokens(5)]).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));

    [TestCase(Chat, """{"model":"a"}""", """{"model":"b"}""")]
    [TestCase(Cohere, """{"model":"a"}""", """{"model":"b"}""")]
    [TestCase(First, "{}", """{"model":"b"}""")]
    [TestCase(Gemini, """{"model":"models/a"}""", """{"model":"b"}""")]
    public void Model_InTheBody_IsReplaced(string dialect, string json, string expected) =>
        Assert.That(Reading.Of(json, dialect).Change(new RequestChange.Model("b")), Is.EqualTo(expected));

    [TestCase("/v1beta/models/gemini-2.5-pro:generateContent", """{"contents":[]}""", "gemini-2.5-pro", false, "/v1beta/models/b:generateContent")]
    [TestCase("/v1beta/models/g:streamGenerateContent", """{"contents":[]}""", "g", true, "/v1beta/models/b:streamGenerateContent")]
    [TestCase("/model/amazon.nova-pro-v1%3A0/converse", """{"messages":[]}""", "amazon.nova-pro-v1:0", false, "/model/b/converse")]
    [TestCase("/model/m/converse-stream", """{"messages":[]}""", "m", true, "/model/b/converse-stream")]
    [TestCase("/model/m/invoke", """{"inputText":"x"}""", "m", false, "/model/b/invoke")]
    [TestCase("/model/m/invoke-with-response-stream", """{"inputText":"x"}""", "m", true, "/model/b/invoke-with-response-stream")]
    public void Path_NamesTheModelAndTheStream(string path, string json, string model, bool isStreaming, string changed)
    {
        var message = Request(path, json);

        Assert.That((message.Model, message.IsStreaming), Is.EqualTo((model, isStreaming)));
        Assert.That(message.Rewrite([], [new RequestChange.Model("b")]).RawPath, Is.EqualTo(changed));
    }

    [TestCase("/api/chat", """{"model":"m"}""", true)]
    [TestCase("/api/chat", """{"model":"m","stream":true}""", true)]
    [TestCase("/api/chat", """{"model":"m","stream":false}""", false)]
    [TestCase("/api/generate", """{"model":"m"}""", true)]
    [TestCase("/api/embed", """{"model":"m"}""", false)]
    [TestCase("/v2/chat", """{"model":"m","stream":true}""", true)]
    [TestCase("/v1/chat", """{"model":"m"}""", false)]
    public void Body_SaysWhetherTheAnswerIsStreamed(string path, string json, bool isStreaming)
    {
        var message = Request(path, json);

        Assert.That((message.Model, message.IsStreaming), Is.EqualTo(("m", isStreaming)));
    }

    [TestCase("/v1beta/models/g:generateContent", """{"contents":[],"tools":[{"functionDeclarations":[{"name":"f"}]}]}""", false)]
    [TestCase("/v1beta/models/g:generateContent", """{"contents":[],"tools":[{"googleSearch":{}}]}""", true)]
    [TestCase("/v1beta/models/g:generateContent", """{"contents":[],"tools":[{"functionDeclarations":[],"codeExecution":{}}]}""", true)]
    [TestCase("/v1/chat", """{"message":"x","connectors":[{"id":"web-search"}]}""", true)]
    [TestCase("/v1/chat", """{"message":"x","conversation_id":"c"}""", true)]
    [TestCase("/v1/chat", """{"message":"x"}""", false)]
    public void Tools_OfTheProvider_ActThere(string path, string json, bool acts) =>
        Assert.That(Request(path, json).CreatesServerState, Is.EqualTo(acts));

    [TestCase(Gemini, """{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4,"thoughtsTokenCount":2,"totalTokenCount":9,"cachedContentTokenCount":1}}""", 3, 6, 9, 1, 2)]
    [TestCase(Gemini, """{"usageMetadata":{"promptTokenCount":3,"toolUsePromptTokenCount":2}}""", 5, null, null, null, null)]
    [TestCase(Converse, """{"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":9,"cacheReadInputTokens":2}}""", 5, 4, 9, 2, null)]
    [TestCase(Invoke, """{"generation":"x","prompt_token_count":3,"generation_token_count":4}""", 3, 4, 7, null, null)]
    [TestCase(Invoke, """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""", 3, 4, 7, null, null)]
    [TestCase(Invoke, """{"type":"message","content":[],"usage":{"input_tokens":3,"output_tokens":4}}""", 3, 4, 7, null, null)]
    [TestCase(Chat, """{"done":true,"prompt_eval_count":3,"eval_count":4}""", 3, 4, 7, null, null)]
    [TestCase(Cohere, """{"usage":{"billed_units":{"input_tokens":1,"output_tokens":1},"tokens":{"input_tokens":3,"output_tokens":4}}}""", 3, 4, 7,
        null, null)]
    [TestCase(First, """{"text":"x","meta":{"billed_units":{"input_tokens":3,"output_tokens":4}}}""", 3, 4, 7, null, null)]
    public void Usage_OfAnAnswer_IsRead(string dialect, string json, long? input, long? output, long? total, long? cached, long? reasoning) =>
        Assert.That(
        Reading.Of(json, dialect, JsonDirection.Response).Body.Usage, Is.EqualTo(new TokenUsage(input, output, total, cached, reasoning)));

    [TestCase(Cohere, """{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"tokens":{"input_tokens":3,"output_tokens":4}}}}""")]
    [TestCase(First, """{"event_type":"stream-end","response":{"text":"x","meta":{"tokens":{"input_tokens":3,"output_tokens":4}}}}""")]
    public void Usage_OfAStream_IsRead(string dialect, string json) =>
        Assert.That(Reading.Of(json, dialect, JsonDirection.StreamEvent).Body.Usage, Is.EqualTo(new TokenUsage(3, 4, 7)));

    /// <summary>Each family's body on the one route for all of them: the prompt is a user's, the answer the model's.</summary>
    [TestCase("""{"anthropic_version":"bedrock-2023-05-31","max_tokens":5,"messages":[{"role":"user","content":"@"}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"text":"@"}]}],"schemaVersion":"messages-v1"}""")]
    [TestCase("""{"messages":[{"role":"user","content":"@"}]}""")]
    [TestCase("""{"inputText":"@","textGenerationConfig":{"topP":1}}""")]
    [TestCase("""{"prompt":"@","max_gen_len":5}""")]
    [TestCase("""{"message":"@","chat_history":[]}""")]
    public void InvokeModel_RequestOfAnyFamily_IsAUsersMessage(string json)
    {
        var seen = Reading.Of(json.Replace("@", "MARKER", StringComparison.Ordinal), Invoke).Holding("MARKER").Single();

        Assert.That((seen.Role, seen.Kind), Is.EqualTo((SegmentRole.User, SegmentKind.Message)));
    }

    [TestCase("""{"type":"message","content":[{"type":"text","text":"@"}]}""")]
    [TestCase("""{"output":{"message":{"role":"assistant","content":[{"text":"@"}]}}}""")]
    [TestCase("""{"choices":[{"index":0,"message":{"content":"@"}}]}""")]
    [TestCase("""{"results":[{"outputText":"@","tokenCount":1,"completionReason":"FINISH"}]}""")]
    [TestCase("""{"generation":"@","stop_reason":"stop"}""")]
    [TestCase("""{"outputs":[{"text":"@","stop_reason":"stop"}]}""")]
    [TestCase("""{"generations":[{"id":"g","text":"@","finish_reason":"COMPLETE"}]}""")]
    [TestCase("""{"generation_id":"g","text":"@"}""")]
    [TestCase("""{"completions":[{"data":{"text":"@"},"finishReason":{"reason":"endoftext"}}]}""")]
    public void InvokeModel_AnswerOfAnyFamily_IsTheModels(string json)
    {
        var seen = Reading.Of(json.Replace("@", "MARKER", StringComparison.Ordinal), Invoke, JsonDirection.Response).Holding("MARKER").Single();

        Assert.That((seen.Role, seen.Kind), Is.EqualTo((SegmentRole.Assistant, SegmentKind.Message)));
    }

    [TestCase(Gemini, """{"contents":[{"parts":[{"text":"a"}]}],"Contents":[]}""")]
    [TestCase(Gemini, """{"contents":[{"parts":[{"functionCall":{"name":"f"},"function_call":{"name":"g"}}]}]}""")]
    [TestCase(Converse, """{"messages":[],"MESSAGES":[]}""")]
    [TestCase(Chat, """{"messages":[{"role":"user","content":"a","Content":"b"}]}""")]
    [TestCase(Cohere, """{"messages":[],"stop_sequences":[],"stopSequences":[]}""")]
    public void Read_OneMemberInTwoSpellings_IsRefused(string dialect, string json) =>
        Assert.That(Reading.Of(json, dialect).Result.Failure, Is.Not.Null);

    [TestCase(Gemini, """{"contents":[{"parts":[{"zork":{"x":["@"]}}]}]}""")]
    [TestCase(Gemini, """{"contents":["@"]}""")]
    [TestCase(Gemini, """{"systemInstruction":"@"}""")]
    [TestCase(Gemini, """{"contents":[{"parts":"@"}]}""")]
    [TestCase(Gemini, """{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"@ is no base64!"}}]}]}""")]
    [TestCase(Converse, """{"messages":[{"role":"user","content":[{"hologram":"@"}]}]}""")]
    [TestCase(Converse, """{"messages":[{"role":"user","content":"@"}]}""")]
    [TestCase(Converse, """{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"bytes":["@"]}}}]}]}""")]
    [TestCase(Converse, """{"inferenceConfig":{"temperature":"@"}}""")]
    [TestCase(Invoke, """{"zork":"@"}""")]
    [TestCase(Invoke, """["@"]""")]
    [TestCase(Chat, """{"messages":[{"role":"user","content":["@"]}]}""")]
    [TestCase(Chat, """{"think":"@"}""")]
    [TestCase(Chat, """{"messages":[{"role":"user","images":["@ is no base64!"]}]}""")]
    [TestCase("ollama.generate", """{"context":"@"}""")]
    [TestCase(Cohere, """{"messages":[{"role":"user","content":[{"type":"novel","chapter":"@"}]}]}""")]
    [TestCase(First, """{"chat_history":["@"]}""")]
    [TestCase(First, """{"chat_history":[{"role":"TOOL","tool_results":[{"call":{"name":"f"},"outputs":[{"a":"@"}]}]}]}""")]
    public void Read_TextInAnUnexpectedPlace_IsSeen(string dialect, string json) =>
        Assert.That(Reading.Of(json.Replace("@", "MARKER", StringComparison.Ordinal), dialect).Holding("MARKER"), Is.Not.Empty);

    [Test]
    public void Read_TokenOfAConnector_IsNeverASegment() => Assert.That(
        Reading.Of("""{"message":"x","connectors":[{"id":"web","user_access_token":"MARKER"}]}""", First).Holding("MARKER"), Is.Empty);

    private static WireMessage Request(string path, string json)
    {
        var result = WireReader.ReadRequest(
            new WireHead { Method = "POST", RawPath = path, ContentType = "application/json" },
            Encoding.UTF8.GetBytes(json),
            true,
            GuardrailNeeds.Content | GuardrailNeeds.Usage,
            PlanLimits.Default);
        Assert.That(result.Failure, Is.Null);
        return result.Message!;
    }
}
