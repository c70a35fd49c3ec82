using System.Numerics;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Compares rows of words of a text with keywords of several words. Reusable, for one thread at a time.</summary>
internal sealed class WordWindows
{
    private readonly List<WordSplitter.Word> _words = [];
    private readonly List<(int Start, int Length)> _matches = [];

    /// <summary>Takes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="map">What ASCII is read as.</param>
    public void Split(ReadOnlySpan<byte> text, byte[] map)
    {
        _words.Clear();
        WordSplitter.Split(text, 0, text.Length, map, _words);
    }

    /// <summary>Finds the rows of words that are near a keyword and not equal to it.</summary>
    /// <returns>Where a row that was not decided could start; the length of the text if there is none.</returns>
    public int Find(
        FuzzyKeyword keyword,
        ReadOnlySpan<byte> text,
        byte[] map,
        bool mayGoOn,
        out List<(int Start, int Length)> matches,
        ref long steps)
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
}
