namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells whether a text may put two literals together: <c>'child_' + 'process'</c>. Says "perhaps" too often and "no" never wrongly.
/// </summary>
internal static class JoinedLiterals
{
    private const int MostBlanks = 64;

    /// <summary>Whether a plus sign stands anywhere between what may end one literal and what may begin another.</summary>
    /// <param name="text">The text.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public static bool Any(ReadOnlySpan<byte> text, ref long steps)
    {
        for (var at = 0; text[at..].IndexOf((byte)'+') is >= 0 and var found; at += found + 1)
        {
            if (IsBehindLiteral(text, at + found, ref steps) && IsBeforeLiteral(text, at + found + 1, ref steps))
            {
                return true;
            }
        }

        return false;
    }

    // A comment may stand between, and what some lexers take for a blank.
    private static bool IsBehindLiteral(ReadOnlySpan<byte> text, int end, ref long steps)
    {
        var at = end - 1;
        while (at >= 0 && end - at < MostBlanks && IsBlank(text[at]))
        {
            at--;
        }

        steps += end - at;
        return at >= 0 && (end - at == MostBlanks || text[at] is (byte)'"' or (byte)'\'' or (byte)'`' or (byte)'/' or >= 0x80);
    }

    private static bool IsBeforeLiteral(ReadOnlySpan<byte> text, int start, ref long steps)
    {
        var at = start;
        while (at < text.Length && at - start < MostBlanks && IsBlank(text[at]))
        {
            at++;
        }

        steps += at - start;

        // Up to two letters may stand before a quote.
        return at < text.Length && (at - start == MostBlanks || text[at] is (byte)'/' or >= 0x80
            || text[at..Math.Min(text.Length, at + 3)].IndexOfAny((byte)'"', (byte)'\'', (byte)'`') >= 0);
    }

    private static bool IsBlank(byte value) => value is <= (byte)' ' or 0x7F && value != '\n';
}
