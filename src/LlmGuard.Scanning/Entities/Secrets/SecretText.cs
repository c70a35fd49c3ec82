namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Where a value stands that something is assigned.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte after its last.</param>
/// <param name="Quote">The quote around it, or 0.</param>
internal readonly record struct SecretText(int Start, int End, int Quote)
{
    private const int LongestMask = 64;
    private const int LongestName = 32;

    public int Length => End - Start;

    /// <summary>Whether it goes on behind the longest that was to be read.</summary>
    public bool IsCut { get; init; }

    /// <summary>Reads a value, with or without quotes (also escaped ones, because the text is JSON or code within a string).</summary>
    public static SecretText Read(ref ScanText text, int at, int longestQuoted, int longestBare)
    {
        var start = at;
        while (start - at < 3 && text[start] == '\\')
        {
            start++;
        }

        // Python's and C#'s marks before a string.
        if (text[start] is 'b' or 'r' or 'u' or 'f' or '@' or '$' && text[start + 1] is '"' or '\'')
        {
            start++;
        }

        var quote = text[start] is '"' or '\'' or '`' ? text[start] : 0;
        start = quote > 0 ? start + 1 : at;

        // Three of them around a text over several lines.
        start += quote > 0 && text[start] == quote && text[start + 1] == quote ? 2 : 0;
        var end = quote > 0 ? EndOf(ref text, start, quote, longestQuoted) : EndOf(ref text, start, 0, longestBare);
        var isMasked = IsMask(ref text, end);
        if (quote > 0 && !isMasked && text[end] != quote && text[end] != '\\')
        {
            // A quote that is never closed holds nothing together: the value ends as one without quotes does.
            (quote, end) = (0, EndOf(ref text, start, 0, longestBare));
            isMasked = IsMask(ref text, end);
        }

        if (isMasked)
        {
            // Of a sentence nothing is taken because a part of it was masked.
            end = start + text.Bytes[start..end].TrimEnd((byte)' ').Length;
            end = text.Bytes[start..end].Contains((byte)' ') ? start : end;
        }

        var isCut = end - start >= (quote > 0 ? longestQuoted : longestBare);
        while (AsciiByte.IsContinuation(text[end]))
        {
            end--;
        }

        if (quote == 0)
        {
            while (end > start && text[end - 1] is ',' or '.' or ')' or ']' or '}' or ':' or '\\' or '?' or '!')
            {
                end--;
            }
        }

        return new SecretText(start, end, quote) { IsCut = isCut };
    }

    private static int EndOf(ref ScanText text, int start, int quote, int longest)
    {
        var end = start;
        var isInQuery = quote == 0 && IsInQuery(ref text, start);
        while (end - start < longest && !Ends(ref text, end, quote) && !IsMask(ref text, end) && !(isInQuery && text[end] == '&'))
        {
            end++;
        }

        return end;
    }

    // What stands where something was masked, [MASKED_EMAIL] or [EMAIL_QWERTYUIOPASDFGH], is no part of a value: masked again it could not be
    // restored.
    private static bool IsMask(ref ScanText text, int at)
    {
        if (text[at] != '[' || !AsciiByte.IsUpper(text[at + 1]))
        {
            return false;
        }

        var (end, hasJoint) = (at + 1, false);
        while (end - at < LongestMask && (AsciiByte.IsUpper(text[end]) || AsciiByte.IsDigit(text[end]) || text[end] == '_'))
        {
            hasJoint |= text[end++] == '_';
        }

        return hasJoint && text[end] == ']';
    }

    // In the query of a URL a sign for "and" always parts two pairs.
    private static bool IsInQuery(ref ScanText text, int start)
    {
        if (text[start - 1] != '=')
        {
            return false;
        }

        var offset = start - 2;
        while (start - offset < LongestName && (AsciiByte.IsAlphanumeric(text[offset]) || text[offset] is '_' or '-' or '.'))
        {
            offset--;
        }

        return text[offset] is '?' or '&';
    }

    // "&name=" and "&amp;", not "Wind&Wetter7".
    private static bool BeginsPair(ref ScanText text, int at)
    {
        var offset = at;
        while (offset - at < LongestName && (AsciiByte.IsAlphanumeric(text[offset]) || text[offset] is '_' or '-' or '.' or '[' or ']' or '%'))
        {
            offset++;
        }

        return offset > at && text[offset] is '=' or ';';
    }

    private static bool Ends(ref ScanText text, int at, int quote)
    {
        var b = text[at];
        if (quote > 0)
        {
            return b == quote || b is -1 or '\n' or '\r' || (b == '\\' && text[at + 1] == quote);
        }

        return b is -1 or '"' or '\'' or '`' or ';' or '<' || AsciiByte.IsWhiteSpace(b)
            || (b == '&' && BeginsPair(ref text, at + 1))
            || (b == ',' && (AsciiByte.IsWhiteSpace(text[at + 1]) || text[at + 1] is -1 or '"'))
            || (b == '\\' && text[at + 1] is 'n' or 'r' or 't' or '"' or '\'');
    }
}
