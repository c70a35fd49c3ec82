using System.Text;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Splits a text into words and compares rows of them with keywords. Reusable, for one thread at a time.</summary>
/// <remarks>A word is what stands between white space, brackets, quotes and similar marks, without the full stops and dashes around it.</remarks>
internal sealed class WordWindows
{
    private readonly List<Word> _words = [];
    private readonly List<(int Start, int Length)> _matches = [];

    /// <summary>Number of words of a text.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        var windows = new WordWindows();
        windows.Split(text);
        return windows._words.Count;
    }

    /// <summary>Takes a text.</summary>
    public void Split(ReadOnlySpan<byte> text)
    {
        _words.Clear();
        var offset = 0;
        while (offset < text.Length)
        {
            if (Width(text, offset, out var isSeparator) is var skipped && isSeparator)
            {
                offset += skipped;
                continue;
            }

            var (start, codePoints) = (offset, 0);
            do
            {
                offset += Width(text, offset, out _);
                codePoints++;
            }
            while (offset < text.Length && !IsSeparator(text, offset));
            Add(text, start, offset, codePoints);
        }
    }

    /// <summary>Finds the rows of words that are near a keyword and not equal to it.</summary>
    /// <returns>Where a row that was not decided could start; the length of the text if there is none.</returns>
    public int Find(FuzzyKeyword keyword, ReadOnlySpan<byte> text, bool mayGoOn, out List<(int Start, int Length)> matches, ref long steps)
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
                && (keyword.Words > 1 || (_words[i].CodePoints >= keyword.MinCodePoints && _words[i].CodePoints <= keyword.MaxCodePoints))
                && keyword.IsNear(text.Slice(_words[i].Start, length), ref steps))
            {
                _matches.Add((_words[i].Start, length));
            }
        }

        return open;
    }

    private void Add(ReadOnlySpan<byte> text, int outerStart, int outerEnd, int codePoints)
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
            _words.Add(new Word(outerStart, outerEnd, start, end, codePoints - (start - outerStart) - (outerEnd - end)));
        }
    }

    private static bool IsTrimmed(byte b) => b is (byte)'.' or (byte)'!' or (byte)'?' or (byte)'*' or (byte)'-' or (byte)'_' or (byte)'#' or (byte)'~';

    private static bool IsSeparator(ReadOnlySpan<byte> text, int offset)
    {
        Width(text, offset, out var isSeparator);
        return isSeparator;
    }

    private static int Width(ReadOnlySpan<byte> text, int offset, out bool isSeparator)
    {
        var b = text[offset];
        if (b < 0x80)
        {
            isSeparator = b <= ' ' || ",;:/\\()[]{}<>\"'`|=&\u007f"u8.Contains(b);
            return 1;
        }

        Rune.DecodeFromUtf8(text[offset..], out var rune, out var width);
        isSeparator = Rune.IsWhiteSpace(rune) || Rune.IsPunctuation(rune);
        return width;
    }

    private readonly record struct Word(int OuterStart, int OuterEnd, int Start, int End, int CodePoints);
}
