namespace LlmGuard.Remote.Texts;

/// <summary>Cuts a text into overlapping windows that a provider takes. Linear in the text; cuts no code point.</summary>
internal static class TextCutter
{
    // A window may end early, in its last eighth, where a line or a word ends.
    private const int TailShare = 8;

    /// <summary>The windows, in order. A text within the limit is one window; an empty text has none.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="limit">The limit. Every window keeps it, counted over the whole window.</param>
    public static List<TextSpan> Cut(ReadOnlySpan<byte> text, TextLimit limit)
    {
        var windows = new List<TextSpan>(1);
        var start = 0;
        while (start < text.Length)
        {
            var end = EndOf(text, start, limit);
            windows.Add(new TextSpan(start, end - start));
            if (end == text.Length)
            {
                break;
            }

            start = StartBefore(text, end, start, limit);
        }

        return windows;
    }

    private static int EndOf(ReadOnlySpan<byte> text, int start, TextLimit limit)
    {
        // No byte costs more than two units.
        if (text.Length - start <= limit.Max / 2)
        {
            return text.Length;
        }

        var units = 0;
        var tail = start;
        for (var offset = start; offset < text.Length; offset++)
        {
            var first = text[offset];
            if ((first & 0xC0) == 0x80)
            {
                continue;
            }

            units += limit.Unit.CodePointCost(first);
            if (units > limit.Max)
            {
                return PreferBoundary(text, tail, offset);
            }

            if (units <= limit.Max - (limit.Max / TailShare))
            {
                tail = offset;
            }
        }

        return text.Length;
    }

    // The cut after the last line break of the tail, else after its last space, else where the limit is.
    private static int PreferBoundary(ReadOnlySpan<byte> text, int tail, int end)
    {
        var last = text[tail..end];
        var at = last.LastIndexOf((byte)'\n');
        if (at < 0)
        {
            at = last.LastIndexOf((byte)' ');
        }

        return at < 0 ? end : tail + at + 1;
    }

    // Goes back until at least the overlap is shared. A code point that costs more than what is left of the overlap is shared too.
    private static int StartBefore(ReadOnlySpan<byte> text, int end, int previousStart, TextLimit limit)
    {
        var units = 0;
        var offset = end;
        while (units < limit.Overlap && offset > previousStart + 1)
        {
            offset--;
            units += limit.Unit.Cost(text[offset]);
        }

        while ((text[offset] & 0xC0) == 0x80)
        {
            offset--;
        }

        // Within a quarter and an eighth of the window's end, so always ahead of its start.
        return Math.Max(offset, previousStart + 1);
    }
}
