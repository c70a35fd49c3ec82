using System.Text.Json;

namespace LlmGuard.FakeClouds.NeuralTrust;

/// <summary>A request to the firewall, checked member by member.</summary>
/// <param name="Text">The text.</param>
/// <param name="Topics">Topics and thresholds.</param>
internal sealed record FirewallRequest(string Text, IReadOnlyDictionary<string, double> Topics)
{
    public static FirewallRequest Read(JsonElement body, bool hasTopics, List<string> problems)
    {
        string[] members = hasTopics ? ["input", "topics", "thresholds"] : ["input"];
        if (body.ValueKind != JsonValueKind.Object || !body.EnumerateObject().Select(m =>
            m.Name).ToHashSet(StringComparer.Ordinal).SetEquals(members))
        {
            problems.Add("expected exactly: " + string.Join(", ", members));
            return new FirewallRequest("", new Dictionary<string, double>());
        }

        var input = body.GetProperty("input");
        var texts = input.ValueKind == JsonValueKind.Array ? input.EnumerateArray().ToArray() : [];
        if (texts is not [{ ValueKind: JsonValueKind.String } text] || text.GetString() is not { Length: > 0 })
        {
            problems.Add("input is not a list of one text");
            return new FirewallRequest("", new Dictionary<string, double>());
        }

        var topics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var topic in hasTopics ? body.GetProperty("topics").EnumerateArray().ToArray() : [])
        {
            if (!body.GetProperty("thresholds").TryGetProperty(topic.GetString()!, out var threshold) || threshold.ValueKind != JsonValueKind.Number)
            {
                problems.Add("a topic without a threshold");
                continue;
            }

            topics[topic.GetString()!] = threshold.GetDouble();
        }

        if (hasTopics && topics.Count != body.GetProperty("thresholds").EnumerateObject().Count())
        {
            problems.Add("a threshold without a topic");
        }

        return new FirewallRequest(text.GetString()!, topics);
    }
}
