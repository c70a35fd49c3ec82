using System.Text;
using LlmGuard.Scanning.Folding.Fuzzy;

namespace LlmGuard.Scanning.Folding;

/// <summary>A keyword that is no sequence of words (<c>c++</c>, <c>爆弾</c>) and is therefore searched as it stands.</summary>
internal sealed class LiteralKeyword
{
    private readonly int _keyword;
    private readonly byte[] _utf8;
    private readonly bool _needsStart;
    private readonly bool _needsEnd;

    private LiteralKeyword(int keyword, string folded)
    {
        _keyword = keyword;
        _utf8 = Encoding.UTF8.GetBytes(folded);
        var runes = folded.EnumerateRunes().ToArray();
        _needsStart = IsSpacedWord(runes[0]);
        _needsEnd = IsSpacedWord(runes[^1]);
    }

    /// <summary>
    /// Makes one if the folded keyword needs it: it begins or ends with a symbol, or is of a script that puts no space between words.
    /// </summary>
    public static LiteralKeyword? TryCreate(int keyword, string folded)
    {
        var (isWord, last) = (folded.Length > 0 && WordReader.IsWord(Rune.GetRuneAt(folded, 0)), default(Rune));
        foreach (var rune in folded.EnumerateRunes())
        {
            isWord &= !IsUnspaced(rune);
            last = rune;
        }

        return folded.Length == 0 || (isWord && WordReader.IsWord(last)) ? null : new LiteralKeyword(keyword, folded);
    }

    /// <summary>Its length in bytes.</summary>
    public int Length => _utf8.Length;

    /// <summary>Finds the occurrences, which do not overlap, in what is known of a text.</summary>
    /// <param name="utf8">What is known of it; before <paramref name="next"/> at least one character, if there is one.</param>
    /// <param name="origin">Where in the text that begins.</param>
    /// <param name="isEnd">Whether the text ends there. If not, an occurrence at its end waits for the character that follows.</param>
    /// <param name="next">Where to go on; becomes the offset before which all is decided.</param>
    /// <param name="matches">Receives the matches.</param>
    public void Find(ReadOnlySpan<byte> utf8, int origin, bool isEnd, ref int next, List<FuzzyMatch> matches)
    {
        var offset = next - origin;
        while (utf8[offset..].IndexOf(_utf8) is >= 0 and var found)
        {
            var start = offset + found;
            var end = start + _utf8.Length;
            if (end == utf8.Length && !isEnd)
            {
                next = origin + start;
                return;
            }

            if ((_needsStart && WordReader.IsWordBefore(utf8, start))
                || (_needsEnd && end < utf8.Length && WordReader.IsWordAt(utf8, end, out _, out _)))
            {
                offset = start + 1;
                continue;
            }

            matches.Add(new FuzzyMatch(_keyword, origin + start, _utf8.Length, 1));
            offset = end;
        }

        next = origin + (isEnd ? utf8.Length : FirstOpen(utf8, offset));
    }

    // Where one begins that is not there as a whole yet.
    private int FirstOpen(ReadOnlySpan<byte> utf8, int from)
    {
        for (var at = Math.Max(from, utf8.Length - _utf8.Length + 1); at < utf8.Length; at++)
        {
            if (_utf8.AsSpan().StartsWith(utf8[at..]))
            {
                return at;
            }
        }

        return utf8.Length;
    }

    private static bool IsSpacedWord(Rune rune) => WordReader.IsWord(rune) && !IsUnspaced(rune);

    // Thai, Lao, Myanmar, Khmer, kana, and Han with its extensions.
    private static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x3007)
        or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
