using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Specs;

namespace LlmGuard.FakeClouds.External;

/// <summary>The webhook protocol, by the schema that is published with the plugin.</summary>
internal static class WebhookProtocol
{
    /// <summary>The schema of requests.</summary>
    public static SpecSchema Request { get; } = SpecSchema.Parse(Document(), "WebhookRequest");

    /// <summary>The schema of answers.</summary>
    public static SpecSchema Answer { get; } = SpecSchema.Parse(Document(), "WebhookAnswer");

    /// <summary>The answer about some texts.</summary>
    public static JsonObject Judge(IReadOnlyList<string> segments)
    {
        var edits = new JsonArray();
        for (var i = 0; i < segments.Count; i++)
        {
            for (var at =
                segments[i].IndexOf(FakeExternalApi.Masked,
                StringComparison.Ordinal); at >= 0; at = segments[i].IndexOf(FakeExternalApi.Masked, at + 1, StringComparison.Ordinal))
            {
                edits.Add(new JsonObject { ["segment"] = i, ["start"] = at,
                    ["end"] = at + FakeExternalApi.Masked.Length, ["replacement"] = "[FAKE]" });
            }
        }

        var action = Holds(segments, FakeExternalApi.Blocked) ? "block" : edits.Count > 0
            ? "mask" : Holds(segments, FakeExternalApi.Flagged) ? "flag" : "allow";
        return action switch
        {
            "allow" => new JsonObject { ["version"] = 1, ["action"] = "allow" },
            "mask" => new JsonObject { ["version"] = 1, ["action"] = "mask", ["reason"] = "pii", ["unit"] = "utf16", ["edits"] = edits },
            "flag" => new JsonObject { ["version"] = 1, ["action"] = "flag", ["reason"] = "odd" },
            _ => new JsonObject { ["version"] = 1, ["action"] = "block", ["reason"] = "forbidden",
                ["message"] = "Our rules forbid this.", ["status"] = 451 },
        };
    }

    private static bool Holds(IReadOnlyList<string> segments, string word) => segments.Any(s => s.Contains(word, StringComparison.Ordinal));

    private static byte[] Document()
    {
        using var stream = typeof(WebhookProtocol).Assembly.GetManifestResourceStream("webhook.v1.schema.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
