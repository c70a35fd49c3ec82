namespace LlmGuard.Scanning.Views;

/// <summary>Tells most signs that could begin an escape and do not ("12.5% of") by the byte behind them.</summary>
internal static class EscapeSigns
{
    /// <summary>Whether a sign at an offset begins no escape, however what stands behind it is written. Says "no" where it cannot tell.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text, int at)
    {
        if (at + 1 >= text.Length || text[at + 1] is >= 0x80 or (byte)'%' or (byte)'&' or (byte)'\\')
        {
            return false;
        }

        var next = text[at + 1];
        return text[at] switch
        {
            (byte)'%' => !AsciiByte.IsHex(next),
            (byte)'&' => next != '#' && !AsciiByte.IsLetter(next),
            (byte)'\\' => next is not ((byte)'x' or (byte)'u' or (byte)'U'),
            _ => false,
        };
    }
}
