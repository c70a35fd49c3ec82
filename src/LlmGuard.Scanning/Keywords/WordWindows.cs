using System.Numerics;
using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Splits a text into words and compares rows of them with keywords. Reusable, for one thread at a time.</summary>
/// <remarks>A word is what stands between white space, brackets, quotes and similar marks, without the full stops and dashes around it.</remarks>
internal sealed class WordWindows
{
    private const byte Separates = 1;
    private const byte IsAtEdge = 2;

    private static readonly byte[] Kinds = [.. Enumerable.Range(0, 0x80).Select(b => (byte)(
        (b <= ' ' || ",;:/\\()[]{}<>\"'`|=&\u007f".Contains((char)b) ? Separates : 0) | (".!?*-_#~".Contains((char)b) ? IsAtEdge : 0)))];

    private readonly List<Word> _words = [];
    private readonly List<FuzzyKeyword> _hits = [];
    private readonly CleanWordCache _clean = new();
    private readonly List<(int Start, int Length)> _matches = [];

    /// <summary>Number of words of a text.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        var windows = new WordWindows();
        windows.Split(text, LeetLetters.Exact);
        return windows._words.Count;
    }

    /// <summary>Takes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="map">What ASCII is read as.</param>
    public void Split(ReadOnlySpan<byte> text, byte[] map)
    {
        _words.Clear();
        var offset = 0;
        while (offset < text.Length)
        {
            var (start, codePoints, mask) = (offset, 0, 0u);
            while (offset < text.Length)
            {
                var b = text[offset];
                if (b < 0x80)
                {
                    if ((Kinds[b] & Separates) != 0)
                    {
                        break;
                    }

                    mask |= WordReader.Bit(map[b]);
                    offset++;
                }
                else
                {
                    Rune.DecodeFromUtf8(text[offset..], out var rune, out var width);
                    if (IsSeparator(rune))
                    {
                        break;
                    }

                    mask |= WordReader.Bit(rune.Value);
                    offset += width;
                }

                codePoints++;
            }

            if (codePoints > 0)
            {
                Add(text, start, offset, codePoints, mask, map);
            }
            else
            {
                offset += text[offset] < 0x80 ? 1 : WidthAt(text, offset);
            }
        }
    }

    /// <summary>Finds the words that are near a keyword of one word.</summary>
    /// <returns>Where a word that was not decided starts; the length of the text if there is none.</returns>
    public int FindWords(NearWords keywords, ReadOnlySpan<byte> text, byte[] map, bool mayGoOn, List<(int Start, int Length, int Rule)> found, ref long steps)
    {
        foreach (var word in _words)
        {
            steps++;
            if (mayGoOn && word.OuterEnd == text.Length)
            {
                return text.Length - word.Start <= (keywords.MaxCodePoints + 1) * 4 ? word.OuterStart : text.Length;
            }

            var bytes = text[word.Start..word.End];
            var hash = CleanWordCache.Hash(bytes);
            if (_clean.Contains(hash))
            {
                continue;
            }

            _hits.Clear();
            keywords.Find(bytes, word.CodePoints, word.Mask, map, _hits, ref steps);
            foreach (var hit in _hits)
            {
                found.Add((word.Start, bytes.Length, hit.Rule));
            }

            if (_hits.Count == 0)
            {
                _clean.Add(hash);
            }
        }

        return text.Length;
    }

    /// <summary>Finds the rows of words that are near a keyword and not equal to it.</summary>
    /// <returns>Where a row that was not decided could start; the length of the text if there is none.</returns>
    public int Find(FuzzyKeyword keyword, ReadOnlySpan<byte> text, byte[] map, bool mayGoOn, out List<(int Start, int Length)> matches, ref long steps)
    {
        _matches.Clear();
        matches = _matches;
        var open = text.Length;
        for (var i = 0; i < _words.Count; i++)
        {
            steps++;
            var last = i + keyword.Words - 1;
            if (mayGoOn && (last >= _words.Count || _words[last].OuterEnd == text.Length))
            {
                // Too long already, whatever follows; bytes are at most four times the code points.
                if (text.Length - _words[i].Start <= (keyword.MaxCodePoints + 1) * 4)
                {
                    open = Math.Min(open, _words[i].OuterStart);
                }

                continue;
            }

            if (last >= _words.Count)
            {
                break;
            }

            var length = _words[last].End - _words[i].Start;
            if (length >= keyword.MinCodePoints && length <= keyword.MaxCodePoints * 4
                && BitOperations.PopCount(Letters(i, last) ^ (keyword.Mask & WordReader.AsciiWordBits)) <= 2 * keyword.MaxEdits
                && keyword.IsNear(text.Slice(_words[i].Start, length), map, ref steps))
            {
                _matches.Add((_words[i].Start, length));
            }
        }

        return open;
    }

    // Signs between the words are not among the letters of the words.
    private uint Letters(int first, int last)
    {
        var mask = 0u;
        for (var i = first; i <= last; i++)
        {
            mask |= _words[i].Mask;
        }

        return mask & WordReader.AsciiWordBits;
    }

    private void Add(ReadOnlySpan<byte> text, int outerStart, int outerEnd, int codePoints, uint mask, byte[] map)
    {
        var (start, end) = (outerStart, outerEnd);
        while (start < end && IsTrimmed(text[start]))
        {
            start++;
        }

        while (end > start && IsTrimmed(text[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            var trimmed = start - outerStart + outerEnd - end;
            _words.Add(new Word(outerStart, outerEnd, start, end, codePoints - trimmed, trimmed == 0 ? mask : MaskOf(text[start..end], map)));
        }
    }

    private static uint MaskOf(ReadOnlySpan<byte> word, byte[] map)
    {
        var mask = 0u;
        while (!word.IsEmpty)
        {
            Rune.DecodeFromUtf8(word, out var rune, out var width);
            mask |= WordReader.Bit(rune.IsAscii ? map[rune.Value] : rune.Value);
            word = word[width..];
        }

        return mask;
    }

    private static bool IsTrimmed(byte b) => b < 0x80 && (Kinds[b] & IsAtEdge) != 0;

    private static bool IsSeparator(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.IsPunctuation(rune);

    private static int WidthAt(ReadOnlySpan<byte> text, int offset)
    {
        Rune.DecodeFromUtf8(text[offset..], out _, out var width);
        return width;
    }

    private readonly record struct Word(int OuterStart, int OuterEnd, int Start, int End, int CodePoints, uint Mask);
}
