using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>Anthropic messages.</summary>
internal sealed class AnthropicMessages : IToyDialect
{
    private readonly string _id = $"msg_{Guid.NewGuid():N}";

    public JsonObject Complete(string model, string text) =>
        Message(model, new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }), "end_turn", 10);

    public IEnumerable<string> Stream(string model, IReadOnlyList<string> pieces)
    {
        yield return Sse.Named(new JsonObject { ["type"] = "message_start", ["message"] = Message(model, [], null, 1) });
        yield return Sse.Named(new JsonObject
        {
            ["type"] = "content_block_start",
            ["index"] = 0,
            ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "" },
        });
        foreach (var piece in pieces)
        {
            yield return Sse.Named(new JsonObject
            {
                ["type"] = "content_block_delta",
                ["index"] = 0,
                ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = piece },
            });
        }

        yield return Sse.Named(new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        yield return Sse.Named(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = "end_turn", ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = 10 },
        });
        yield return Sse.Named(new JsonObject { ["type"] = "message_stop" });
    }

    public JsonObject Error(string message) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = "invalid_request_error", ["message"] = message },
    };

    private JsonObject Message(string model, JsonArray content, string? stopReason, int outputTokens) => new()
    {
        ["id"] = _id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model,
        ["content"] = content,
        ["stop_reason"] = stopReason,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = 10, ["output_tokens"] = outputTokens },
    };
}
