using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using LlmGuard.Http.Tests.Client;
using OpenAI;
using OpenAI.Embeddings;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks its client for responses as experimental; it is the one there is.

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>The official .NET SDK over a guarded client: it raises its normal exception, or reads a normal answer that refuses.</summary>
public sealed class SdkRefusalTests
{
    private const string Block = """{ "name": "word", "message": "Not \"that\" word.", "settings": { "block": "plum" } }""";
    private const string BlockAnswer =
        """{ "name": "word", "stage": "pre_response", "message": "Not \"that\" word.", "settings": { "block": "plum" } }""";
    private const string Message = "Not \"that\" word.";

    [TestCase(false)]
    [TestCase(true)]
    public async Task Responses_Blocked_RaisesTheUsualException(bool isStreaming)
    {
        await using var guarded = new GuardedClient(Block, static _ => RecordingUpstream.Json("{}"));

        var thrown = Assert.ThrowsAsync<ClientResultException>(() => AskAsync(guarded, isStreaming));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown!.Status, Is.EqualTo(403));
            Assert.That(thrown.Message, Does.Contain(Message).And.Not.Contain("plum"));
            Assert.That(guarded.Upstream.Requests, Is.Empty);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Responses_DeniedWithACompletion_ReadARefusal(bool isStreaming)
    {
        await using var guarded = new GuardedClient(Block, static _ => RecordingUpstream.Json("{}"), gateway: "\"deny_with\": \"completion\",");

        Assert.That(await AskAsync(guarded, isStreaming), Is.EqualTo((Message, "incomplete", "content_filter")));
    }

    [Test]
    public async Task Responses_BlockedAnswer_ReadsARefusal()
    {
        const string Answer = """{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"a plum","annotations":[]}]}],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{}}""";
        await using var guarded =
            new GuardedClient(BlockAnswer, static _ => RecordingUpstream.Json(Answer), gateway: "\"deny_with\": \"completion\",");

        Assert.That(await AskAsync(guarded, isStreaming: false), Is.EqualTo((Message, "incomplete", "content_filter")));
        Assert.That(guarded.Upstream.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("\"deny_with\": \"completion\",")]
    public async Task Embeddings_Blocked_RaiseTheUsualExceptionSinceVectorsCannotRefuse(string denyWith)
    {
        await using var guarded = new GuardedClient(Block, static _ => RecordingUpstream.Json("{}"), gateway: denyWith);
        var client = new EmbeddingClient("m", new ApiKeyCredential("key"), Options(guarded));

        var thrown = Assert.ThrowsAsync<ClientResultException>(() => client.GenerateEmbeddingAsync("a plum"));

        Assert.That((thrown!.Status, thrown.Message.Contains(Message, StringComparison.Ordinal)), Is.EqualTo((403, true)));
    }

    [Test]
    public async Task Embeddings_Allowed_AreReadUnchanged()
    {
        // The SDK asks for base64.
        const string Answer = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAEA="}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""";
        await using var guarded = new GuardedClient(
            """{ "name": "word", "stage": ["pre_request", "pre_response"], "settings": { "mask": "AAC" } }""", static _ =>
                RecordingUpstream.Json(Answer));
        var client = new EmbeddingClient("m", new ApiKeyCredential("key"), Options(guarded));

        var embedding = await client.GenerateEmbeddingAsync("a peach");

        Assert.That(embedding.Value.ToFloats().ToArray(), Is.EqualTo(new[] { 1f, 2f }));
    }

    private static OpenAIClientOptions Options(GuardedClient guarded) => new()
    {
        Endpoint = new Uri("https://api.example.com/v1"),
        Transport = new HttpClientPipelineTransport(guarded.Client),
        RetryPolicy = new ClientRetryPolicy(0),
    };

    private static async Task<(string Text, string Status, string Reason)> AskAsync(GuardedClient guarded, bool isStreaming)
    {
        var client = new ResponsesClient(new ApiKeyCredential("key"), new ResponsesClientOptions
        {
            Endpoint = new Uri("https://api.example.com/v1"),
            Transport = new HttpClientPipelineTransport(guarded.Client),
            RetryPolicy = new ClientRetryPolicy(0),
        });
        var options = new CreateResponseOptions("m", [ResponseItem.CreateUserMessageItem("a plum")]) { StreamingEnabled = isStreaming };
        ResponseResult? result = null;
        var text = new StringBuilder();
        if (!isStreaming)
        {
            result = await client.CreateResponseAsync(options);
            return (result.GetOutputText(), Name(result), Reason(result));
        }

        await foreach (var update in await client.CreateResponseStreamingAsync(options))
        {
            text.Append(update is StreamingResponseOutputTextDeltaUpdate delta ? delta.Delta : "");
            result = update is StreamingResponseIncompleteUpdate incomplete ? incomplete.Response : result;
        }

        Assert.That(result!.GetOutputText(), Is.EqualTo(text.ToString()));
        return (text.ToString(), Name(result), Reason(result));
    }

    private static string Name(ResponseResult result) => result.Status?.ToString().ToLowerInvariant() ?? "";

    private static string Reason(ResponseResult result) => result.IncompleteStatusDetails?.Reason?.ToString() ?? "";
}
