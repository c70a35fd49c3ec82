using System.Text.Json.Nodes;

namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>The ordinary way to look for keywords: parse, and ask every message for every one of them.</summary>
internal static class KeywordLoop
{
    public static bool Contains(byte[] body, string[] keywords)
    {
        foreach (var message in JsonNode.Parse(body)!["messages"]!.AsArray())
        {
            var text = (string)message!["content"]!;
            foreach (var keyword in keywords)
            {
                if (text.Contains(keyword, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
