using System.Collections.Concurrent;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>
/// The replacements of one evaluation: the same text is the same instance, so that a mask seen in two overlapping windows is one edit. Thread-safe.
/// </summary>
internal sealed class ReplacementPool
{
    private readonly Lazy<ConcurrentDictionary<string, Replacement>> _known =
        new(static () => new ConcurrentDictionary<string, Replacement>(StringComparer.Ordinal));

    public Replacement Literal(string text) => _known.Value.GetOrAdd(text, static t => Replacement.Literal(t));
}
