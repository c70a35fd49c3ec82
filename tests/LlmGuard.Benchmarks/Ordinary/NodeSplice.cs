using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>The ordinary way to change texts in a JSON body: parse, mutate, serialise.</summary>
internal static class NodeSplice
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Replace(byte[] body, IReadOnlyList<(int Message, int Start, int Length)> edits, string replacement)
    {
        var root = JsonNode.Parse(body)!;
        var messages = root["messages"]!.AsArray();
        foreach (var (message, start, length) in edits)
        {
            var text = (string)messages[message]!["content"]!;
            messages[message]!["content"] = string.Concat(text.AsSpan(0, start), replacement, text.AsSpan(start + length));
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, Relaxed);
    }
}
