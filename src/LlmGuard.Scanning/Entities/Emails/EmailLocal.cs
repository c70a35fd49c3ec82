using System.Buffers;

namespace LlmGuard.Scanning.Entities.Emails;

/// <summary>The part of an address before its sign: who it is for.</summary>
internal static class EmailLocal
{
    /// <summary>Most bytes of it.</summary>
    public const int Longest = 64;

    private static readonly SearchValues<byte> Parts = SearchValues.Create([.. Enumerable.Range(0, 0x80).Where(IsPart).Select(static b => (byte)b)]);

    /// <summary>Whether a byte may be its last one.</summary>
    public static bool Ends(int b) => IsPart(b) || b >= 0x80;

    /// <summary>Where it starts, of what may be it before an offset.</summary>
    /// <param name="text">The text.</param>
    /// <param name="end">The offset behind it.</param>
    /// <param name="from">The first offset that may be part of it.</param>
    public static int StartOf(ref ScanText text, int end, int from)
    {
        var least = Math.Max(from, end - Longest);
        if (least >= end)
        {
            return end;
        }

        // Asked at the end of every piece of an answer, and mostly about a word of ASCII.
        var start = least + text.Bytes[least..end].LastIndexOfAnyExcept(Parts) + 1;
        text.Steps += end - start;
        if (start == least || text.Bytes[start - 1] < 0x80)
        {
            return start;
        }

        while (WidthBefore(ref text, start, least) is > 0 and <= 2 and var width && (width == 2 || IsPart(text[start - 1])))
        {
            start -= width;
        }

        // Scripts without spaces would join the sentence before the address to it, so their characters count only where nothing else stands.
        if (start == end)
        {
            while (WidthBefore(ref text, start, least) is > 2 and var width)
            {
                start -= width;
            }
        }

        return start;
    }

    /// <summary>The same without what belongs to the text before it: marks, and the letter of an escaped line break.</summary>
    public static int TrimmedStartOf(ref ScanText text, int end, int from)
    {
        var start = StartOf(ref text, end, from);
        while (start < end && (text[start] is '.' or '-' or '\'' || (text[start] is 'n' or 'r' or 't' && text[start - 1] == '\\')))
        {
            start++;
        }

        return start;
    }

    private static bool IsPart(int b) => AsciiByte.IsAlphanumeric(b) || b is '.' or '_' or '%' or '+' or '-' or '\'' or '&' or '~';

    // Bytes of the character that ends before an offset; 0 when it starts before the least offset.
    private static int WidthBefore(ref ScanText text, int offset, int least)
    {
        var start = offset - 1;
        while (start > least && AsciiByte.IsContinuation(text[start]))
        {
            start--;
        }

        return start < least || AsciiByte.IsContinuation(text[start]) ? 0 : offset - start;
    }
}
