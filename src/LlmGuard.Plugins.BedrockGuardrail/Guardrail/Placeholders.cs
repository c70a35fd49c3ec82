using System.Collections.Concurrent;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>
/// Replacements by their text, one instance each, so that a mask seen in two overlapping pieces of a text is one edit. Thread-safe.
/// </summary>
internal sealed class Placeholders
{
    // A guardrail has 31 types and ten patterns of its own.
    private const int MaxKept = 256;

    private readonly ConcurrentDictionary<string, Replacement> _known = new(StringComparer.Ordinal);

    /// <summary>The replacement of a text.</summary>
    public Replacement Of(string text) =>
        _known.TryGetValue(text, out var known) ? known
        : _known.Count < MaxKept ? _known.GetOrAdd(text, static t => Replacement.Literal(t))
        : Replacement.Literal(text);
}
