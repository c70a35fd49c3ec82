using System.Text;
using System.Text.Json;

namespace LlmGuard.FakeClouds.NeuralTrust;

/// <summary>The forms of TrustGuard's request.</summary>
internal enum GuardForm
{
    Sdk,
    Legacy,
    Evaluate,
}

/// <summary>A request to TrustGuard, checked member by member.</summary>
/// <param name="Messages">Roles and texts.</param>
/// <param name="Attachments">What the attachments show.</param>
internal sealed record GuardRequest(IReadOnlyList<(string Role, string Text)> Messages, IReadOnlyList<string> Attachments)
{
    private static readonly string[] Common = ["direction", "protocol", "session_id", "consumer_id"];

    public static GuardRequest Read(JsonElement body, GuardForm form, string gatewayId, List<string> problems)
    {
        var payloadName = form == GuardForm.Legacy ? "input" : "payload";
        var attributes = form == GuardForm.Legacy ? "metadata" : "attributes";
        Only(body, problems, [payloadName, attributes, .. Common, .. form == GuardForm.Evaluate ? ["gateway_id"] : Array.Empty<string>()]);
        foreach (var name in Common.Where(n => body.TryGetProperty(n, out _)))
        {
            Text(body, name, problems);
        }

        Check(Text(body, "direction", problems) is "input" or "output", "unknown direction", problems);
        Check(Text(body, "protocol", problems) is "llm" or "mcp" or "a2a"
            || (form != GuardForm.Evaluate && Text(body, "protocol", problems) == "all"), "unknown protocol", problems);
        if (form == GuardForm.Evaluate)
        {
            Check(Text(body, "gateway_id", problems) == gatewayId, "unknown gateway", problems);
        }

        ReadAttributes(body, attributes, form, problems);
        if (!body.TryGetProperty(payloadName, out var payload) || payload.ValueKind != JsonValueKind.Object)
        {
            problems.Add(payloadName + " is not an object");
            return new GuardRequest([], []);
        }

        Only(payload, problems, "messages", "attachments");
        return new GuardRequest(ReadMessages(payload, problems), ReadAttachments(payload, problems));
    }

    private static void ReadAttributes(JsonElement body, string name, GuardForm form, List<string> problems)
    {
        if (!body.TryGetProperty(name, out var attributes) || attributes.ValueKind != JsonValueKind.Object)
        {
            problems.Add(name + " is not an object");
            return;
        }

        Only(attributes, problems, form == GuardForm.Evaluate ? ["content_type", "model"] : ["content_type"]);
        Check(Text(attributes, "content_type", problems) == "application/json", "unknown content_type", problems);
        if (attributes.TryGetProperty("model", out var model))
        {
            Only(model, problems, "name", "provider");
            Text(model, "name", problems);
            Text(model, "provider", problems);
        }
    }

    private static List<(string Role, string Text)> ReadMessages(JsonElement payload, List<string> problems)
    {
        var messages = new List<(string, string)>();
        if (!payload.TryGetProperty("messages", out var items) || items.ValueKind != JsonValueKind.Array)
        {
            problems.Add("messages are not a list");
            return messages;
        }

        foreach (var item in items.EnumerateArray())
        {
            var role = Text(item, "role", problems);
            Check(role is "system" or "user" or "assistant" or "tool", "unknown role: " + role, problems);
            Only(item, problems, role == "tool" ? ["role", "content", "tool_call_id"] : ["role", "content"]);
            if (role == "tool")
            {
                Text(item, "tool_call_id", problems);
            }

            messages.Add((role, Text(item, "content", problems)));
        }

        return messages;
    }

    private static List<string> ReadAttachments(JsonElement payload, List<string> problems)
    {
        var shown = new List<string>();
        foreach (var item in payload.TryGetProperty("attachments", out var items) ? items.EnumerateArray().ToArray() : [])
        {
            var hasData = item.TryGetProperty("data", out _);
            Only(item, problems, "filename", "content_type", hasData ? "data" : "url");
            Text(item, "filename", problems);
            Text(item, "content_type", problems);
            shown.Add(hasData ? Encoding.Latin1.GetString(Convert.FromBase64String(Text(item, "data", problems))) : Text(item, "url", problems));
        }

        return shown;
    }

    private static void Only(JsonElement element, List<string> problems, params IReadOnlyList<string> members) =>
        problems.AddRange(element.EnumerateObject().Where(m => !members.Contains(m.Name, StringComparer.Ordinal)).Select(m =>
            "unknown member: " + m.Name));

    private static void Check(bool isTrue, string problem, List<string> problems)
    {
        if (!isTrue)
        {
            problems.Add(problem);
        }
    }

    private static string Text(JsonElement element, string name, List<string> problems)
    {
        if (element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        problems.Add(name + " is not a text");
        return "";
    }
}
