using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Hashes of names within one program.</summary>
internal static class NameHash
{
    /// <summary>The hash of a name, never 0.</summary>
    public static ulong Of(ReadOnlySpan<byte> name)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in name)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash | 1;
    }

    /// <summary>What is known of a name, by hashes. In most programs nothing is known of any.</summary>
    public static CodeFacts Find(Dictionary<ulong, CodeFacts> known, ReadOnlySpan<byte> name) =>
        known.Count == 0 ? CodeFacts.None : known.GetValueOrDefault(Of(name));
}
