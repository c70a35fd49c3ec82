namespace LlmGuard.Scanning.Entities.Emails;

/// <summary>
/// What people write in the place of the signs of an address so that programs do not see it: <c>[at]</c>, <c>(dot)</c>, <c>[.]</c>.
/// </summary>
internal static class SpelledSigns
{
    /// <summary>Most bytes of one, with the spaces around it.</summary>
    public const int Longest = 9;

    /// <summary>Whether a byte opens brackets in which a sign may stand.</summary>
    public static bool IsOpening(int b) => b is '[' or '(' or '{';

    /// <summary>Whether a byte closes them.</summary>
    public static bool IsClosing(int b) => b is ']' or ')' or '}';

    /// <summary>The bytes of what stands for a point, with the spaces around it, or 0.</summary>
    public static int PointLengthAt(ref ScanText text, int at)
    {
        var start = text[at] == ' ' ? at + 1 : at;
        var end = BracketedEnd(ref text, start, "dot"u8, '.');
        if (end == 0 && start > at && text.Follows(start, "dot "u8))
        {
            return start + 4 - at;
        }

        return end == 0 ? 0 : (text[end] == ' ' ? end + 1 : end) - at;
    }

    /// <summary>The offset behind what stands for the sign of an address in brackets, with a space behind it, or 0.</summary>
    public static int AtEnd(ref ScanText text, int at)
    {
        var end = BracketedEnd(ref text, at, "at"u8, '@');
        return end > 0 && text[end] == ' ' ? end + 1 : end;
    }

    // The word or the sign in brackets, with spaces within or without.
    private static int BracketedEnd(ref ScanText text, int at, ReadOnlySpan<byte> word, int sign)
    {
        if (!IsOpening(text[at]))
        {
            return 0;
        }

        var start = text[at + 1] == ' ' ? at + 2 : at + 1;
        var end = text[start] == sign ? start + 1 : text.Follows(start, word) ? start + word.Length : 0;
        end = end > 0 && text[end] == ' ' ? end + 1 : end;
        return end > 0 && IsClosing(text[end]) ? end + 1 : 0;
    }
}
