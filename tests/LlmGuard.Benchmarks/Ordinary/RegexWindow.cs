using System.Text.Json.Nodes;

namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>The ordinary way to watch a stream: parse each event, keep the last 512 characters, run every expression over them.</summary>
internal sealed class RegexWindow
{
    private const int Size = 512;

    private string _window = "";

    public int Watch(ReadOnlySpan<byte> sse)
    {
        var root = JsonNode.Parse(sse["data: ".Length..].TrimEnd("\n"u8))!;
        _window += root["choices"]![0]!["delta"]!["content"]!.GetValue<string>();
        _window = _window.Length > Size ? _window[^Size..] : _window;
        return RegexMasking.Count(_window);
    }
}
