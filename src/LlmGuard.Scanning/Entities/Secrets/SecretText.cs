namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Where a value stands that something is assigned.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte after its last.</param>
/// <param name="Quote">The quote around it, or 0.</param>
internal readonly record struct SecretText(int Start, int End, int Quote)
{
    public int Length => End - Start;

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
        var longest = quote > 0 ? longestQuoted : longestBare;
        var end = start;
        while (end - start < longest && !Ends(ref text, end, quote))
        {
            end++;
        }

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

        return new SecretText(start, end, quote);
    }

    private static bool Ends(ref ScanText text, int at, int quote)
    {
        var b = text[at];
        if (quote > 0)
        {
            return b == quote || b is -1 or '\n' or '\r' || (b == '\\' && text[at + 1] == quote);
        }

        return b is -1 or '"' or '\'' or '`' or ';' or '<' || AsciiByte.IsWhiteSpace(b)
            || (b == '&' && AsciiByte.IsLetter(text[at + 1]))
            || (b == ',' && (AsciiByte.IsWhiteSpace(text[at + 1]) || text[at + 1] is -1 or '"'))
            || (b == '\\' && text[at + 1] is 'n' or 'r' or 't' or '"' or '\'');
    }
}
