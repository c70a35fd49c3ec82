using System.Runtime.CompilerServices;
using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>Reads characters of UTF-8 one by one: those of two and three bytes, which most letters outside ASCII have, without a call.</summary>
internal static class CodePoint
{
    /// <summary>What stands for bytes that are no character; it may also be written as itself.</summary>
    public const int Replacement = 0xFFFD;

    /// <summary>Reads the character at an offset, as <see cref="Rune.DecodeFromUtf8"/> does.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="at">An offset in it.</param>
    /// <param name="width">Receives its bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> utf8, int at, out int width)
    {
        int first = utf8[at];
        if (first < 0x80)
        {
            width = 1;
            return first;
        }

        if (first is >= 0xC2 and < 0xE0 && (uint)(at + 1) < (uint)utf8.Length && AsciiByte.IsContinuation(utf8[at + 1]))
        {
            width = 2;
            return ((first & 0x1F) << 6) | (utf8[at + 1] & 0x3F);
        }

        // Below U+1000 there are forms that are too long, from U+D000 on surrogates.
        if (first is > 0xE0 and < 0xF0 and not 0xED && (uint)(at + 2) < (uint)utf8.Length
            && AsciiByte.IsContinuation(utf8[at + 1]) && AsciiByte.IsContinuation(utf8[at + 2]))
        {
            width = 3;
            return ((first & 0x0F) << 12) | ((utf8[at + 1] & 0x3F) << 6) | (utf8[at + 2] & 0x3F);
        }

        return ReadAny(utf8[at..], out width);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadAny(ReadOnlySpan<byte> utf8, out int width)
    {
        Rune.DecodeFromUtf8(utf8, out var rune, out width);
        return rune.Value;
    }
}
