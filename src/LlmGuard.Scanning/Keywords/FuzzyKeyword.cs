using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>A keyword that is also found in words that differ from it by few edits. Immutable.</summary>
internal sealed class FuzzyKeyword
{
    private readonly int[] _codePoints;
    private readonly int _maxEdits;

    public FuzzyKeyword(string folded, int maxEdits, int rule)
    {
        _codePoints = [.. folded.EnumerateRunes().Select(r => r.Value)];
        _maxEdits = maxEdits;
        Rule = rule;
        Words = Math.Max(1, WordWindows.Count(Encoding.UTF8.GetBytes(folded)));
    }

    /// <summary>Number of words it has.</summary>
    public int Words { get; }

    public int Rule { get; }

    public int MinCodePoints => Math.Max(1, _codePoints.Length - _maxEdits);

    public int MaxCodePoints => _codePoints.Length + _maxEdits;

    /// <summary>Whether a text is at most so many edits away.</summary>
    public bool IsNear(ReadOnlySpan<byte> text, ref long steps)
    {
        Span<int> other = stackalloc int[KeywordSet.MaxCodePoints * 2];
        var count = 0;
        while (!text.IsEmpty && count < other.Length)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var width);
            other[count++] = rune.Value;
            text = text[width..];
        }

        Span<int> row = stackalloc int[other.Length + 1];
        return text.IsEmpty && EditDistance.Compute(_codePoints, other[..count], _maxEdits, row, ref steps) <= _maxEdits;
    }
}
