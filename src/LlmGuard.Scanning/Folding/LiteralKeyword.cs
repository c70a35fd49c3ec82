using System.Text;

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

    /// <summary>Makes one if the folded keyword needs it: it begins or ends with a symbol, or is of a script that puts no space between words.</summary>
    public static LiteralKeyword? TryCreate(int keyword, string folded)
    {
        var runes = folded.EnumerateRunes().ToArray();
        return runes.Length > 0 && (!WordReader.IsWord(runes[0]) || !WordReader.IsWord(runes[^1]) || runes.Any(IsUnspaced))
            ? new LiteralKeyword(keyword, folded)
            : null;
    }

    /// <summary>Finds all occurrences that do not overlap.</summary>
    public void Find(ReadOnlySpan<byte> utf8, List<FuzzyMatch> matches)
    {
        var offset = 0;
        while (utf8[offset..].IndexOf(_utf8) is >= 0 and var found)
        {
            var start = offset + found;
            var end = start + _utf8.Length;
            if ((_needsStart && WordReader.IsWordBefore(utf8, start)) || (_needsEnd && end < utf8.Length && WordReader.IsWordAt(utf8, end, out _, out _)))
            {
                offset = start + 1;
                continue;
            }

            matches.Add(new FuzzyMatch(_keyword, start, _utf8.Length, 1));
            offset = end;
        }
    }

    private static bool IsSpacedWord(Rune rune) => WordReader.IsWord(rune) && !IsUnspaced(rune);

    // Thai, Lao, Myanmar, Khmer, kana, and Han with its extensions.
    private static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x3007)
        or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
