using LlmGuard.Scanning;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Web.Requests;

/// <summary>
/// A field of a form or of the query of an address, <c>name=value</c> between <c>?</c>, <c>&amp;</c> and blanks, whose value is encoded. What a
/// program gets of it is the value alone, with its escapes resolved and its plus signs as blanks; beside the other fields of a request a fragment in
/// one of them hides, and a quote in one of them seems to close that of another.
/// </summary>
/// <param name="Start">Where its name begins.</param>
/// <param name="Value">Where its value begins.</param>
/// <param name="End">The offset after it.</param>
internal readonly record struct FormField(int Start, int Value, int End)
{
    /// <summary>Most bytes of a field that are read.</summary>
    public const int Longest = 1024;

    private const int LongestName = 64;
    private const int HexBits = 4;

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.$[]"u8);

    private static readonly System.Buffers.SearchValues<byte> Ends = System.Buffers.SearchValues.Create("& \t\r\n\"<>"u8);

    /// <summary>Whether a text may have one: nearly none has.</summary>
    public static bool MayStand(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)'%', (byte)'+') >= 0 && text.Contains((byte)'=');

    /// <summary>Finds the next one whose value is encoded.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="from">Where to look.</param>
    /// <param name="field">Receives it.</param>
    public static bool Next(ReadOnlySpan<byte> text, int from, out FormField field)
    {
        for (var at = from; at < text.Length && text[at..].IndexOf((byte)'=') is >= 0 and var found;)
        {
            var sign = at + found;
            at = sign + 1;
            var name = text[Math.Max(from, sign - LongestName)..sign];
            var start = sign - name.Length + name.LastIndexOfAnyExcept(NameBytes) + 1;
            if (start == sign || (start > 0 && text[start - 1] is not ((byte)'?' or (byte)'&' or (byte)' ' or (byte)'\n')))
            {
                continue;
            }

            var length = text[at..].IndexOfAny(Ends);
            var end = length < 0 ? text.Length : at + length;
            var isOneOfMany = (start > 0 && text[start - 1] is (byte)'?' or (byte)'&') || (end < text.Length && text[end] == '&');
            if (IsEncoded(text[at..end], isOneOfMany))
            {
                field = new FormField(start, at, end);
                return true;
            }

            at = end;
        }

        field = default;
        return false;
    }

    /// <summary>Writes name and value as a program reads them.</summary>
    /// <returns>The bytes that were written, at most <see cref="Longest"/>.</returns>
    public int Decode(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        for (var at = Start; at < End && written < Longest; at++)
        {
            var b = text[at];
            if (at >= Value && IsEscape(text[at..End]))
            {
                b = (byte)((EncodedDigits.Value(text[at + 1], HexBits) << HexBits) | EncodedDigits.Value(text[at + 2], HexBits));
                b = AsciiByte.IsUpper(b) ? (byte)(b | 0x20) : b;
                at += 2;
            }
            else if (at >= Value && b == '+')
            {
                b = (byte)' ';
            }

            target[written++] = b;
        }

        return written;
    }

    // A plus sign alone is one of a sum or of base64 as well.
    private static bool IsEncoded(ReadOnlySpan<byte> value, bool isOneOfMany)
    {
        for (var at = 0; value[at..].IndexOf((byte)'%') is >= 0 and var found; at++)
        {
            at += found;
            if (IsEscape(value[at..]))
            {
                return true;
            }
        }

        return isOneOfMany && value.Contains((byte)'+');
    }

    private static bool IsEscape(ReadOnlySpan<byte> text) =>
        text is [(byte)'%', var high, var low, ..] && AsciiByte.IsHex(high) && AsciiByte.IsHex(low);
}
