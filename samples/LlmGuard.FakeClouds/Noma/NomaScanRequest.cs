using System.Text.Json;

namespace LlmGuard.FakeClouds.Noma;

/// <summary>An item of a scan.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Role">Its role; null where the type has none.</param>
/// <param name="Text">All text in it.</param>
internal sealed record NomaScanItem(string Type, string? Role, string Text);

/// <summary>Checks a request to <c>/ai-dr/v2/prompt/scan</c> member by member.</summary>
internal static class NomaScanRequest
{
    private static readonly string[] ContextMembers = ["applicationId", "ipAddress", "userId", "sessionId", "requestId"];

    public static IReadOnlyList<NomaScanItem> Read(JsonElement body, List<string> problems)
    {
        NomaShape.Only(body, problems, "input", "model", "x-noma-context");
        if (body.TryGetProperty("model", out var model) && model.ValueKind != JsonValueKind.String)
        {
            problems.Add("model is not a string");
        }

        ReadContext(body, "x-noma-context", problems);
        if (!body.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
        {
            problems.Add("input is not a list with items");
            return [];
        }

        return [.. input.EnumerateArray().Select(item => Item(item, problems))];
    }

    /// <summary>The context: an application always, and texts only.</summary>
    public static void ReadContext(JsonElement body, string name, List<string> problems)
    {
        if (!body.TryGetProperty(name, out var context) || context.ValueKind != JsonValueKind.Object)
        {
            problems.Add(name + " is missing");
            return;
        }

        NomaShape.Only(context, problems, ContextMembers);
        foreach (var member in context.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString()!.Length == 0)
            {
                problems.Add($"{name}.{member.Name} is not a text");
            }
        }

        if (!context.TryGetProperty("applicationId", out _))
        {
            problems.Add("applicationId is missing");
        }
    }

    private static NomaScanItem Item(JsonElement item, List<string> problems)
    {
        var type = NomaShape.Text(item, "type", problems);
        switch (type)
        {
            case "message":
                NomaShape.Only(item, problems, "type", "role", "content");
                return new NomaScanItem(type, Role(item, problems), Content(item, problems));
            case "function_call":
                NomaShape.Only(item, problems, "type", "call_id", "name", "arguments");
                NomaShape.Text(item, "call_id", problems);
                return new NomaScanItem(type, null, NomaShape.Text(item, "name", problems) + " " + Arguments(item, problems));
            case "function_call_output":
                NomaShape.Only(item, problems, "type", "call_id", "output");
                NomaShape.Text(item, "call_id", problems);
                return new NomaScanItem(type, null, NomaShape.Text(item, "output", problems));
            default:
                problems.Add("unknown type of item: " + type);
                return new NomaScanItem(type, null, "");
        }
    }

    private static string Role(JsonElement item, List<string> problems)
    {
        var role = NomaShape.Text(item, "role", problems);
        if (role is not ("user" or "assistant" or "system"))
        {
            problems.Add("unknown role: " + role);
        }

        return role;
    }

    private static string Arguments(JsonElement item, List<string> problems)
    {
        var arguments = NomaShape.Text(item, "arguments", problems);
        try
        {
            using var parsed = JsonDocument.Parse(arguments);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add("arguments hold no object");
            }

            // As the detectors read it: unescaped.
            return string.Join(' ', parsed.RootElement.EnumerateObject().SelectMany(m => m.Value.ValueKind == JsonValueKind.Array
                ? m.Value.EnumerateArray()
                : []).Select(v => v.ToString()));
        }
        catch (JsonException)
        {
            problems.Add("arguments are not JSON");
            return arguments;
        }
    }

    private static string Content(JsonElement item, List<string> problems)
    {
        if (!item.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            problems.Add("content is not a list with parts");
            return "";
        }

        return string.Concat(content.EnumerateArray().Select(part => Part(part, problems)));
    }

    private static string Part(JsonElement part, List<string> problems)
    {
        var type = NomaShape.Text(part, "type", problems);
        switch (type)
        {
            case "input_text" or "output_text":
                NomaShape.Only(part, problems, "type", "text");
                return NomaShape.Text(part, "text", problems);
            case "input_image":
                NomaShape.Only(part, problems, "type", "image_url", "detail");
                if (NomaShape.Text(part, "detail", problems) is not ("auto" or "low" or "high"))
                {
                    problems.Add("unknown detail");
                }

                return NomaShape.Image(NomaShape.Text(part, "image_url", problems), problems);
            default:
                problems.Add("unknown type of part: " + type);
                return "";
        }
    }
}
