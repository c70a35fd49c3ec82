using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>Finds what the user said last, in the shapes of the three APIs.</summary>
internal static class ConversationText
{
    public static string LastUserText(JsonObject request)
    {
        if (request["input"] is JsonValue input)
        {
            return input.ToString();
        }

        var turns = (request["messages"] ?? request["input"]) as JsonArray ?? [];
        for (var i = turns.Count - 1; i >= 0; i--)
        {
            if (turns[i] is JsonObject turn && turn["role"]?.ToString() is "user" or null)
            {
                return Text((turns[i] as JsonObject)?["content"]);
            }
        }

        return "";
    }

    private static string Text(JsonNode? content) => content switch
    {
        JsonArray parts => string.Concat(parts.Select(static part => (part as JsonObject)?["text"]?.ToString() ?? "")),
        JsonValue value => value.ToString(),
        _ => "",
    };
}
