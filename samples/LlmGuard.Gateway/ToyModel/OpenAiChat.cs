using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>OpenAI chat completions.</summary>
internal sealed class OpenAiChat : IToyDialect
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";

    public JsonObject Complete(string model, string text) => new()
    {
        ["id"] = _id,
        ["object"] = "chat.completion",
        ["created"] = 1_700_000_000,
        ["model"] = model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = null },
            ["logprobs"] = null,
            ["finish_reason"] = "stop",
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 10, ["total_tokens"] = 20 },
    };

    public IEnumerable<string> Stream(string model, IReadOnlyList<string> pieces)
    {
        yield return Chunk(model, new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);
        foreach (var piece in pieces)
        {
            yield return Chunk(model, new JsonObject { ["content"] = piece }, null);
        }

        yield return Chunk(model, [], "stop");
        yield return Sse.Done;
    }

    public JsonObject Error(string message) => new()
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = null },
    };

    private string Chunk(string model, JsonObject delta, string? finishReason) => Sse.Data(new JsonObject
    {
        ["id"] = _id,
        ["object"] = "chat.completion.chunk",
        ["created"] = 1_700_000_000,
        ["model"] = model,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason }),
    });
}
