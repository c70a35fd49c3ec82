using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>OpenAI responses.</summary>
internal sealed class OpenAiResponses : IToyDialect
{
    private readonly string _id = $"resp_{Guid.NewGuid():N}";
    private readonly string _item = $"msg_{Guid.NewGuid():N}";

    public JsonObject Complete(string model, string text) => Response(model, "completed", new JsonArray(Message(text, "completed")));

    public IEnumerable<string> Stream(string model, IReadOnlyList<string> pieces)
    {
        var sequence = 0;
        var text = string.Concat(pieces);
        yield return Event("response.created", new JsonObject { ["response"] = Response(model, "in_progress", []) });
        yield return Event("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = Message(null, "in_progress") });
        yield return Event("response.content_part.added", Part("part", OutputText("")));
        foreach (var piece in pieces)
        {
            yield return Event("response.output_text.delta", Part("delta", piece));
        }

        yield return Event("response.output_text.done", Part("text", text));
        yield return Event("response.content_part.done", Part("part", OutputText(text)));
        yield return Event("response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = Message(text, "completed") });
        yield return Event("response.completed", new JsonObject { ["response"] = Complete(model, text) });

        JsonObject Part(string name, JsonNode value) => new()
        {
            ["item_id"] = _item,
            ["output_index"] = 0,
            ["content_index"] = 0,
            [name] = value,
        };

        string Event(string type, JsonObject data)
        {
            data.Insert(0, "type", type);
            data["sequence_number"] = sequence++;
            return Sse.Named(data);
        }
    }

    public JsonObject Error(string message) => new OpenAiChat().Error(message);

    private JsonObject Response(string model, string status, JsonArray output) => new()
    {
        ["id"] = _id,
        ["object"] = "response",
        ["created_at"] = 1_700_000_000,
        ["status"] = status,
        ["model"] = model,
        ["output"] = output,
        ["parallel_tool_calls"] = true,
        ["tool_choice"] = "auto",
        ["tools"] = new JsonArray(),
        ["usage"] = new JsonObject { ["input_tokens"] = 10, ["output_tokens"] = 10, ["total_tokens"] = 20 },
    };

    private JsonObject Message(string? text, string status) => new()
    {
        ["id"] = _item,
        ["type"] = "message",
        ["status"] = status,
        ["role"] = "assistant",
        ["content"] = text is null ? new JsonArray() : new JsonArray(OutputText(text)),
    };

    private static JsonObject OutputText(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };
}
