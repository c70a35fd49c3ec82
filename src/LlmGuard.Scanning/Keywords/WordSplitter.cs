using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Splits texts into words: what stands between white space, brackets, quotes and similar marks, without the full stops and dashes around it.
/// </summary>
internal static class WordSplitter
{
    private static readonly bool[] IsAtEdge = [.. Enumerable.Range(0, 256).Select(static b => ".!?*-_#~".Contains((char)b))];

    /// <summary>Number of words of a text.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        var words = new List<Word>();
        Split(text, 0, text.Length, LeetLetters.Exact, words);
        return words.Count;
    }

    /// <summary>Adds the words of a part of a text that begins and ends with words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where the part begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="map">What ASCII is read as.</param>
    /// <param name="words">Receives the words.</param>
    public static void Split(ReadOnlySpan<byte> text, int from, int to, byte[] map, List<Word> words)
    {
        for (var offset = from; offset < to;)
        {
            var (start, codePoints, mask, width) = (offset, 0, 0u, 1);
            for (; offset < to; offset += width, codePoints++)
            {
                if (text[offset] < 0x80)
                {
                    width = 1;
                    if (!WordBytes.NoSeparator.Contains(text[offset]))
                    {
                        break;
                    }

                    mask |= WordReader.Bit(map[text[offset]]);
                }
                else
                {
                    Rune.DecodeFromUtf8(text[offset..], out var rune, out width);
                    if (Rune.IsWhiteSpace(rune) || Rune.IsPunctuation(rune))
                    {
                        break;
                    }

                    mask |= WordReader.Bit(rune.Value);
                }
            }

            if (codePoints > 0)
            {
                Add(text, start, offset, codePoints, mask, map, words);
            }
            else
            {
                offset += width;
            }
        }
    }

    /// <summary>A word of ASCII without what is at its edges.</summary>
    /// <returns>Its start and end; equal if nothing is left.</returns>
    public static (int Start, int End) Trim(ReadOnlySpan<byte> text, int start, int end)
    {
        while (start < end && IsAtEdge[text[start]])
        {
            start++;
        }

        while (end > start && IsAtEdge[text[end - 1]])
        {
            end--;
        }

        return (start, end);
    }

    /// <summary>Which characters a word has, see <see cref="WordReader.Bit"/>.</summary>
    public static uint MaskOf(ReadOnlySpan<byte> word, byte[] map)
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

    private static void Add(ReadOnlySpan<byte> text, int outerStart, int outerEnd, int codePoints, uint mask, byte[] map, List<Word> words)
    {
        var (start, end) = Trim(text, outerStart, outerEnd);
        if (start < end)
        {
            var trimmed = start - outerStart + outerEnd - end;
            words.Add(new Word(outerStart, outerEnd, start, end, codePoints - trimmed, trimmed == 0 ? mask : MaskOf(text[start..end], map)));
        }
    }

    /// <summary>A word.</summary>
    /// <param name="OuterStart">Where it starts with what is at its edges.</param>
    /// <param name="OuterEnd">Where it ends with that.</param>
    /// <param name="Start">First byte.</param>
    /// <param name="End">The byte after the last.</param>
    /// <param name="CodePoints">Its length.</param>
    /// <param name="Mask">Which characters it has, see <see cref="WordReader.Bit"/>.</param>
    internal readonly record struct Word(int OuterStart, int OuterEnd, int Start, int End, int CodePoints, uint Mask);
}
