using System.Buffers;

namespace LlmGuard.Scanning.Views;

/// <summary>Tells most signs that could begin an escape and do not ("12.5% of") by the byte behind them, so that plain text is passed over at once.</summary>
internal static class EscapeSigns
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Where(static b => b is ((>= 0x20 and <= 0x7E) or (>= 0x09 and <= 0x0D)) && !IsSign((byte)b)).Select(static b => (byte)b)]);

    /// <summary>How many bytes at the start of a text are visible ASCII or white space and begin no escape. Most signs with which an escape could
    /// begin stand before a quote, a line end or a space.</summary>
    public static int LengthOfPlain(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var plain = text[at..].IndexOfAnyExcept(Plain);
            at = plain < 0 ? text.Length : at + plain;
            if (!IsPlain(text, at))
            {
                return at;
            }

            at++;
        }
    }

    /// <summary>Whether a sign at an offset begins no escape, however what stands behind it is written. Says "no" where it cannot tell, and of what is
    /// no such sign.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text, int at)
    {
        // What follows may be written in an escape itself.
        if (at + 1 >= text.Length || IsSign(text[at + 1]))
        {
            return false;
        }

        var next = text[at + 1];
        return text[at] switch
        {
            (byte)'%' => !AsciiByte.IsHex(next),
            (byte)'&' => next != '#' && !AsciiByte.IsLetter(next),
            (byte)'\\' => next is not ((byte)'x' or (byte)'u' or (byte)'U' or (byte)'n' or (byte)'r' or (byte)'t'),
            _ => false,
        };
    }

    private static bool IsSign(byte value) => value is (byte)'%' or (byte)'&' or (byte)'\\';
}
