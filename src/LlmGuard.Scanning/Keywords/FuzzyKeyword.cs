using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Folding.Fuzzy;

namespace LlmGuard.Scanning.Keywords;

/// <summary>A keyword that is also found in words that differ from it by few edits. Immutable.</summary>
internal sealed class FuzzyKeyword
{
    private readonly int[] _codePoints;

    public FuzzyKeyword(string folded, int maxEdits, int rule)
    {
        _codePoints = [.. folded.EnumerateRunes().Select(r => r.Value)];
        MaxEdits = maxEdits;
        Rule = rule;
        Words = Math.Max(1, WordSplitter.Count(Encoding.UTF8.GetBytes(folded)));
        foreach (var codePoint in _codePoints)
        {
            Mask |= WordReader.Bit(codePoint);
        }
    }

    /// <summary>Number of words it has.</summary>
    public int Words { get; }

    public int Rule { get; }

    public int MaxEdits { get; }

    /// <summary>Length in code points.</summary>
    public int CodePoints => _codePoints.Length;

    /// <summary>Which characters it has, see <see cref="WordReader.Bit"/>.</summary>
    public uint Mask { get; }

    public int MinCodePoints => Math.Max(1, _codePoints.Length - MaxEdits);

    public int MaxCodePoints => _codePoints.Length + MaxEdits;

    /// <summary>Whether a text is at most so many edits away.</summary>
    /// <param name="text">The text.</param>
    /// <param name="map">What ASCII is read as.</param>
    /// <param name="steps">Increased by the comparisons.</param>
    public bool IsNear(ReadOnlySpan<byte> text, byte[] map, ref long steps)
    {
        Span<int> other = stackalloc int[KeywordSet.MaxCodePoints * 2];
        var count = 0;
        while (!text.IsEmpty && count < other.Length)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var width);
            other[count++] = rune.IsAscii ? map[rune.Value] : rune.Value;
            text = text[width..];
        }

        Span<int> row = stackalloc int[other.Length + 1];
        return text.IsEmpty && EditDistance.Compute(_codePoints, other[..count], MaxEdits, row, ref steps) <= MaxEdits;
    }
}
