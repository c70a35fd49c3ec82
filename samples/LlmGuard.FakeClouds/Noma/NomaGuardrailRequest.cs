using System.Text.Json;

namespace LlmGuard.FakeClouds.Noma;

/// <summary>Checks a request to <c>/litellm/guardrail</c> member by member.</summary>
internal static class NomaGuardrailRequest
{
    /// <summary>The texts, and what the images show.</summary>
    public static (IReadOnlyList<string> Texts, IReadOnlyList<string> Images) Read(JsonElement body, List<string> problems)
    {
        NomaShape.Only(body, problems, "inputs", "request_data", "input_type", "monitor_mode", "application_id");
        NomaShape.Text(body, "application_id", problems);
        if (NomaShape.Text(body, "input_type", problems) is not ("request" or "response"))
        {
            problems.Add("unknown input_type");
        }

        if (!body.TryGetProperty("monitor_mode", out var monitor) || monitor.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            problems.Add("monitor_mode is not a boolean");
        }

        if (!body.TryGetProperty("request_data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            problems.Add("request_data is not an object");
        }

        if (!body.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Object)
        {
            problems.Add("inputs are missing");
            return ([], []);
        }

        NomaShape.Only(inputs, problems, "texts", "images", "structured_messages", "tools", "tool_calls", "model");
        return (Texts(inputs, "texts", problems), [.. Texts(inputs, "images", problems).Select(url => NomaShape.Image(url, problems))]);
    }

    private static string[] Texts(JsonElement inputs, string name, List<string> problems)
    {
        if (!inputs.TryGetProperty(name, out var texts))
        {
            return [];
        }

        if (texts.ValueKind == JsonValueKind.Array && texts.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String))
        {
            return [.. texts.EnumerateArray().Select(t => t.GetString()!)];
        }

        problems.Add(name + " is not a list of texts");
        return [];
    }
}
