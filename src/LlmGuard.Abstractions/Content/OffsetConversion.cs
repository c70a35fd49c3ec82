using System.Text;

namespace LlmGuard;

/// <summary>Maps spans counted in other units to UTF-8 bytes.</summary>
internal static class OffsetConversion
{
    public static TextSpan FromUtf16(string text, int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, text.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, text.Length - start);
        if (CutsPair(text, start))
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "The span starts inside a surrogate pair.");
        }

        if (CutsPair(text, start + length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "The span ends inside a surrogate pair.");
        }

        return new TextSpan(
            Encoding.UTF8.GetByteCount(text.AsSpan(0, start)),
            Encoding.UTF8.GetByteCount(text.AsSpan(start, length)));
    }

    public static TextSpan FromCodePoints(ReadOnlySpan<byte> utf8, int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var first = Skip(utf8, 0, start, nameof(start));
        var last = Skip(utf8, first, length, nameof(length));
        return new TextSpan(first, last - first);
    }

    private static int Skip(ReadOnlySpan<byte> utf8, int offset, int codePoints, string parameter)
    {
        for (var left = codePoints; left > 0; left--)
        {
            if (offset >= utf8.Length)
            {
                throw new ArgumentOutOfRangeException(parameter, codePoints, "The span lies outside the text.");
            }

            offset++;
            while (offset < utf8.Length && (utf8[offset] & 0xC0) == 0x80)
            {
                offset++;
            }
        }

        return offset;
    }

    private static bool CutsPair(string text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]);
}
