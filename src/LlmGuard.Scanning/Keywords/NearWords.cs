using System.Numerics;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Keywords of one word that are also found with few edits, by length and by the letters they have. Immutable.</summary>
internal sealed class NearWords
{
    private readonly Group[] _groups;

    public NearWords(IEnumerable<FuzzyKeyword> keywords)
    {
        var all = keywords.ToArray();
        MaxCodePoints = all.Select(k => k.MaxCodePoints).DefaultIfEmpty(0).Max();
        MinCodePoints = all.Select(k => k.MinCodePoints).DefaultIfEmpty(1).Min();
        _groups = [.. all.GroupBy(k => k.CodePoints).Select(g => new Group(g.Key, g.Max(k => k.MaxEdits), [.. g], [.. g.Select(k => k.Mask)]))];
    }

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _groups.Length == 0;

    /// <summary>Code points of the shortest word that is near one.</summary>
    public int MinCodePoints { get; }

    /// <summary>Code points of the longest word that is near one.</summary>
    public int MaxCodePoints { get; }

    /// <summary>Adds the keywords that a word is near.</summary>
    /// <param name="word">The word.</param>
    /// <param name="codePoints">Its length in code points.</param>
    /// <param name="mask">Its letters.</param>
    /// <param name="map">What ASCII is read as.</param>
    /// <param name="hits">Receives the keywords.</param>
    /// <param name="steps">Increased by the comparisons.</param>
    public void Find(ReadOnlySpan<byte> word, int codePoints, uint mask, byte[] map, List<FuzzyKeyword> hits, ref long steps)
    {
        foreach (var group in _groups)
        {
            if (Math.Abs(group.Length - codePoints) > group.MaxEdits)
            {
                continue;
            }

            var masks = group.Masks;
            steps += masks.Length;
            for (var i = 0; i < masks.Length; i++)
            {
                // An edit takes at most one letter away and brings at most one.
                if (BitOperations.PopCount(masks[i] ^ mask) <= 2 * group.MaxEdits && group.Keywords[i].IsNear(word, map, ref steps))
                {
                    hits.Add(group.Keywords[i]);
                }
            }
        }
    }

    private sealed record Group(int Length, int MaxEdits, FuzzyKeyword[] Keywords, uint[] Masks);
}
