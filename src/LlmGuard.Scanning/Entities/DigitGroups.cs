using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>What surrounds a number that is written in groups.</summary>
internal static class DigitGroups
{
    // Digits, what may stand between groups of them, and the bytes of which separators outside ASCII are made.
    private static readonly SearchValues<byte> Parts = SearchValues.Create(
        [.. "0123456789 -./()+"u8, 0xC2, 0xE2, .. Enumerable.Range(0x80, 0x40).Select(b => (byte)b)]);

    /// <summary>Whether nothing that is no part of a number stands in so many bytes from an offset on, as far as they are known.</summary>
    public static bool MayRun(ref ScanText text, int at, int bytes) =>
        !text.Bytes.Slice(at, Math.Min(bytes, text.Length - at)).ContainsAnyExcept(Parts);

    /// <summary>Whether a row of digits and what may part them may hold so many digits, as far as the text is known: says "perhaps" too often and
    /// "no" never wrongly.</summary>
    public static bool MayHold(ReadOnlySpan<byte> text, int at, int digits)
    {
        var rest = text[at..];
        if (rest.Length < Vector128<byte>.Count)
        {
            return true;
        }

        var bytes = Vector128.Create(rest);
        var isDigit = IsWithin(bytes, '0', '9');
        var isPart = isDigit | IsWithin(bytes, '-', '/') | IsWithin(bytes, '(', '+') | IsWithin(bytes, ' ', ' ') | IsWithin(bytes, '\x80', '\xFF');
        var row = BitOperations.TrailingZeroCount(~isPart.ExtractMostSignificantBits());
        return row >= Vector128<byte>.Count || BitOperations.PopCount(isDigit.ExtractMostSignificantBits() & ((1U << row) - 1)) >= digits;
    }

    private static Vector128<byte> IsWithin(Vector128<byte> bytes, char first, char last) =>
        Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)first), Vector128.Create((byte)(last - first)));

    /// <summary>Bytes of the separators between two groups of digits; 0 when no digit follows, or only after more of them than allowed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset after a group.</param>
    /// <param name="most">Most separators in a row.</param>
    public static int Gap(ref ScanText text, int at, int most)
    {
        var end = at;
        for (var count = 0; count < most; count++)
        {
            var length = Separators.LengthAt(ref text, end, "./"u8);
            if (length == 0)
            {
                break;
            }

            end += length;
            if (AsciiByte.IsDigit(text[end]))
            {
                return end - at;
            }
        }

        return 0;
    }

    /// <summary>Whether so many digits follow each other from an offset on, in however many groups.</summary>
    /// <param name="text">The text, which remembers how far a row was looked at, so that a row is looked at once.</param>
    /// <param name="at">The offset of a digit.</param>
    /// <param name="digits">How many.</param>
    /// <param name="most">Most separators between two groups.</param>
    public static bool HasRow(ref ScanText text, int at, int digits, int most)
    {
        var (start, end, count) = text.LastSeries;
        if (at < start || at >= end)
        {
            (start, end, count) = (at, at, 0);
        }

        for (; start < at; start++)
        {
            count -= AsciiByte.IsDigit(text[start]) ? 1 : 0;
        }

        while (count < digits)
        {
            var gap = AsciiByte.IsDigit(text[end]) ? 0 : Gap(ref text, end, most);
            if (gap == 0 && !AsciiByte.IsDigit(text[end]))
            {
                break;
            }

            end += gap + 1;
            count++;
        }

        text.LastSeries = (start, end, count);
        return count >= digits;
    }

    /// <summary>Whether digits and one separator stand before, so that the group is not the first of its row.</summary>
    public static bool ContinuesSeries(ref ScanText text, int at) =>
        text[at - 1] is ' ' or '-' or '.' or '/' && AsciiByte.IsDigit(text[at - 2]);

    /// <summary>Whether digits and a point or hyphen stand before, so that the group is a part of a longer number.</summary>
    public static bool IsInsideNumber(ref ScanText text, int at) => text[at - 1] is '.' or '-' && AsciiByte.IsDigit(text[at - 2]);

    /// <summary>Whether a point and before it a digit stand before.</summary>
    public static bool IsFraction(ref ScanText text, int at) => text[at - 1] == '.' && AsciiByte.IsDigit(text[at - 2]);

    /// <summary>Whether the number goes on after an offset: with a digit, or with a point or hyphen and a digit.</summary>
    public static bool GoesOn(ref ScanText text, int at) =>
        AsciiByte.IsDigit(text[at]) || (text[at] is '.' or '-' && AsciiByte.IsDigit(text[at + 1]));
}
