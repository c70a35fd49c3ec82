namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells for many offsets at once where one of many openings may begin. Says "perhaps" too often and "no" never wrongly.
/// Immutable.</summary>
/// <remarks>
/// Hardly anything begins within a word, and every number may begin something: words and numbers are seen for all offsets at once. What else may
/// begin
/// something the widest vectors of the machine tell: <see cref="WideOpeningTables"/>, or <see cref="NarrowOpeningTables"/>, made when they are
/// first needed.
/// </remarks>
/// <param name="openings">The openings, and how many letters and digits in a row there may be, see <see cref="Detector.Runs"/>.</param>
/// <param name="withinWords">Whether any may begin with a letter after a letter or digit, or with a digit after a digit.</param>
internal sealed class OpeningFilter(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings, bool withinWords)
{
    private WideOpeningTables? _wide;
    private NarrowOpeningTables? _narrow;

    /// <summary>Goes on over a text as long as there is room for what is found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged.</param>
    /// <param name="perhaps">Receives one bit for each of so many offsets, of the last fewer.</param>
    /// <param name="stride">How many offsets each of these is about.</param>
    /// <returns>How many of these were filled; 0 where too few bytes are left to judge.</returns>
    public int Fill(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps, out int stride)
    {
        if (WideOpeningTables.IsSupported ? text.Length - at <= WideOpeningTables.Seen : text.Length <= NarrowOpeningTables.Seen)
        {
            return FillRest(text, ref at, perhaps, out stride);
        }

        if (WideOpeningTables.IsSupported)
        {
            stride = WideOpeningTables.Judged;
            return Wide.Fill(text, ref at, perhaps, isRest: false);
        }

        stride = NarrowOpeningTables.Judged;
        return Narrow.Fill(text, ref at, perhaps);
    }

    /// <summary>Goes on over the rest of a text that is too short for the vectors, as if letters stood behind it: all that a filter sees behind an
    /// opening is that a row of letters and digits may go on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged, after which fewer bytes follow than an opening
    /// looks at.</param>
    /// <param name="perhaps">As for <see cref="Fill"/>.</param>
    /// <param name="stride">As for <see cref="Fill"/>.</param>
    /// <returns>As for <see cref="Fill"/>.</returns>
    public int FillRest(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps, out int stride)
    {
        const int longest = WideOpeningTables.Seen;
        stride = 1;
        var judged = text.Length - Opening.Length + 1 - at;
        if (judged <= 0 || text.Length - at > longest)
        {
            return 0;
        }

        int count;
        if (WideOpeningTables.IsSupported)
        {
            (stride, var next) = (WideOpeningTables.Judged, at);
            count = Wide.Fill(text, ref next, perhaps[..Math.Min(perhaps.Length, ((judged - 1) / WideOpeningTables.Judged) + 1)], isRest: true);
        }
        else
        {
            stride = NarrowOpeningTables.Judged;
            count = FillCopy(text, at, perhaps);
        }

        judged = Math.Min(judged, count * stride);
        for (var vector = 0; vector < count; vector++)
        {
            var left = judged - (vector * stride);
            perhaps[vector] &= left >= 64 ? ulong.MaxValue : left > 0 ? (1UL << left) - 1 : 0;
        }

        at += judged;
        return count;
    }

    private WideOpeningTables Wide => _wide ??= new WideOpeningTables(openings, withinWords);

    private NarrowOpeningTables Narrow => _narrow ??= new NarrowOpeningTables(openings, withinWords);

    private int FillCopy(ReadOnlySpan<byte> text, int at, Span<ulong> perhaps)
    {
        const int longest = WideOpeningTables.Seen;
        Span<byte> copy = stackalloc byte[1 + longest + WideOpeningTables.Seen];
        copy.Fill((byte)'a');
        text[(at - 1)..].CopyTo(copy);
        var next = 1;
        return Narrow.Fill(copy[..(1 + text.Length - at + WideOpeningTables.Seen)], ref next, perhaps);
    }
}
