using System.Buffers;
using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>Tells which characters that nobody sees belong to what is written, and which only hide something. Stateless.</summary>
/// <remarks>
/// A character stays where a script or an emoji needs it, which its neighbours tell, never more than <see cref="Reach"/> bytes away: joiners in
/// scripts that join letters and in emoji, spaces of no width between letters of scripts that have no other, directional marks next to letters
/// written from right to left, one variation selector behind an emoji, an ideograph or a Mongolian letter, fillers next to Hangul letters, and the
/// tags of the three flags that Unicode recommends. All others go: embeddings, overrides and isolates of direction, soft hyphens, word joiners,
/// invisible operators, other tags. What stays has neighbours that stay, so that nothing more goes the second time.
/// </remarks>
internal static class InvisibleCharacters
{
    /// <summary>Most bytes on either side of a character that decide about it.</summary>
    public const int Reach = 32;

    private const int Black = 0x1F3F4;
    private const int Keycap = 0x20E3;
    private const int EmojiSelector = 0xFE0F;

    // The tags of the flags of England, Scotland and Wales, without the last, which is the end tag.
    private static readonly string[] Flags = ["gbeng", "gbsct", "gbwls"];

    private static readonly int FlagBytes = (Flags[0].Length + 1) * 4;

    /// <summary>Bytes that such characters begin with.</summary>
    public static readonly SearchValues<byte> FirstBytes = SearchValues.Create([0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3]);

    /// <summary>Whether a character takes no room and shows nothing.</summary>
    public static bool IsInvisible(int c) => c is
        0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5
            or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E)
        or (>= 0x2060 and <= 0x206F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFFB)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>Whether an invisible character goes.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="at">Where the character begins.</param>
    /// <param name="c">The character.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="isEnd">Whether the text ends there.</param>
    /// <returns>Null when that depends on what follows the text.</returns>
    public static bool? Goes(ReadOnlySpan<byte> utf8, int at, int c, int length, bool isEnd)
    {
        if (c is >= 0xE0020 and <= 0xE007F)
        {
            return IsInFlag(utf8, at, isEnd) is { } inFlag ? !inFlag : null;
        }

        var before = Before(utf8, at);
        var needsNext = c is 0x200B or 0x200C or 0x200D or 0x200E or 0x200F or 0x61C or EmojiSelector or 0x115F or 0x1160;
        if (needsNext && at + length == utf8.Length && !isEnd)
        {
            return null;
        }

        var after = After(utf8, at + length);
        return !(c switch
        {
            0x200B => IsUnspaced(before) && IsUnspaced(after),
            0x200C => IsJoining(before),
            0x200D => IsJoining(before) || (IsEmoji(after) && IsEmoji(before == EmojiSelector ? Before(utf8, at - 3) : before)),
            0x200E or 0x200F or 0x61C => IsRightToLeft(before) || IsRightToLeft(after),
            0xFE0E => IsEmoji(before),
            EmojiSelector => IsEmoji(before) || (after == Keycap && before is '#' or '*' or (>= '0' and <= '9')),
            (>= 0xFE00 and <= 0xFE02) or (>= 0xE0100 and <= 0xE01EF) => IsIdeograph(before),
            (>= 0x180B and <= 0x180D) or 0x180F => before is >= 0x1820 and <= 0x18AA,
            0x115F or 0x1160 => IsJamo(before) || IsJamo(after),
            _ => false,
        });
    }

    private static bool? IsInFlag(ReadOnlySpan<byte> utf8, int at, bool isEnd)
    {
        var start = at;
        while (at - start < FlagBytes && Before(utf8, start) is >= 0xE0020 and <= 0xE007F)
        {
            start -= 4;
        }

        if (Before(utf8, start) != Black)
        {
            return false;
        }

        var mayBe = false;
        foreach (var flag in Flags)
        {
            var fits = 0;
            while (fits <= flag.Length && After(utf8, start + (fits * 4)) == (fits < flag.Length ? 0xE0000 + flag[fits] : 0xE007F))
            {
                fits++;
            }

            if (fits > flag.Length)
            {
                return at < start + FlagBytes;
            }

            mayBe |= !isEnd && start + (fits * 4) == utf8.Length;
        }

        return mayBe ? null : false;
    }

    private static int Before(ReadOnlySpan<byte> utf8, int at) =>
        Rune.DecodeLastFromUtf8(utf8[..Math.Max(0, at)], out var rune, out _) == OperationStatus.Done ? rune.Value : -1;

    private static int After(ReadOnlySpan<byte> utf8, int at) =>
        at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out var rune, out _) == OperationStatus.Done ? rune.Value : -1;

    // Arabic, Syriac, Mandaic and their likes; the scripts of India and of those near it; Tibetan, Mongolian; presentation forms.
    private static bool IsJoining(int c) =>
        !IsInvisible(c) && c is (>= 0x600 and <= 0x8FF) or (>= 0x900 and <= 0x109F)
            or (>= 0x1780 and <= 0x18AF) or (>= 0x1A20 and <= 0x1BFF) or (>= 0xA800 and <= 0xA8FF)
            or (>= 0xA980 and <= 0xA9DF) or (>= 0xAA60 and <= 0xAADF) or (>= 0xABC0 and <= 0xABFF) or (>= 0xFB50 and <= 0xFDFF)
                or (>= 0xFE70 and <= 0xFEFC) or (>= 0x11000 and <= 0x11FFF);

    // Thai, Lao, Myanmar, Khmer.
    private static bool IsUnspaced(int c) =>
        !IsInvisible(c) && c is (>= 0xE00 and <= 0xEFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF);

    private static bool IsRightToLeft(int c) => !IsInvisible(c) && c is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF)
        or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    private static bool IsEmoji(int c) => c is
        0xA9 or 0xAE or 0x203C or 0x2049 or 0x2122 or 0x2139 or (>= 0x2194 and <= 0x21AA)
            or (>= 0x231A and <= 0x23FF) or 0x24C2 or (>= 0x25AA and <= 0x27BF)
        or (>= 0x2934 and <= 0x2935) or (>= 0x2B05 and <= 0x2B55) or 0x3030 or 0x303D or 0x3297 or 0x3299 or (>= 0x1F000 and <= 0x1FAFF);

    private static bool IsIdeograph(int c) =>
        c is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private static bool IsJamo(int c) => !IsInvisible(c) && c is >= 0x1100 and <= 0x11FF;
}
