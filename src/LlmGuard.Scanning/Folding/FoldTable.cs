using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>What folding makes of every code point that is not ASCII.</summary>
internal static class FoldTable
{
    /// <summary>Entry of a code point that folding removes: invisible to a reader.</summary>
    public const int Ignored = -1;

    /// <summary>Entry of a combining mark that folding removes together with what it marks.</summary>
    public const int Mark = -2;

    /// <summary>Entry of a tag character, which hides an ASCII character.</summary>
    public const int Tag = -3;

    // What those begin with that a second reading takes for text; text without letters of other writings has hardly any of these bytes.
    private const byte FirstHiding = 0xE1;
    private const byte LastHiding = 0xF3;

    // What tag characters begin with, and few others; and the fillers.
    private static readonly byte[][] Hiding = [[0xF3, 0xA0], [.. "\u3164"u8], [.. "\uFFA0"u8], [.. "\u115F"u8], [.. "\u1160"u8]];

    /// <summary>Entries at or below it are expansions: the number of the expansion is this minus the entry.</summary>
    public const int FirstExpansion = -16;

    /// <summary>Added to the entry of a combining mark that stays.</summary>
    public const int KeptMark = 1 << 24;

    /// <summary>The code point it becomes (possibly itself, possibly with <see cref="KeptMark"/>), or one of the negative entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(int codePoint) => CodePointPages<Fold>.Find(codePoint);

    /// <summary>Whether a text may hold what <see cref="TagReading.AsText"/> reads otherwise than <see cref="TagReading.AsNothing"/>.</summary>
    public static bool MayHide(ReadOnlySpan<byte> utf8)
    {
        var first = utf8.IndexOfAnyInRange(FirstHiding, LastHiding);
        if (first < 0)
        {
            return false;
        }

        utf8 = utf8[first..];
        foreach (var bytes in Hiding)
        {
            if (utf8.IndexOf(bytes) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an ignorable character is one of the fillers of Hangul, which most fonts show as a blank: within a word it hides, between words it is
    /// the space.
    /// </summary>
    public static bool IsFiller(int codePoint) => codePoint is 0x115F or 0x1160 or 0x3164 or 0xFFA0;

    private static int Resolve(int codePoint)
    {
        if (IsTag(codePoint))
        {
            return Tag;
        }

        if (IsIgnorable(codePoint))
        {
            return Ignored;
        }

        if (IsDroppedMark(codePoint))
        {
            return Mark;
        }

        if (!Rune.IsValid(codePoint))
        {
            return codePoint;
        }

        var folded = codePoint;
        for (var step = 0; step < 4; step++)
        {
            if (Expansions.Find(folded) is >= 0 and var expansion)
            {
                return FirstExpansion - expansion;
            }

            var next = Step(folded);
            if (next == folded)
            {
                break;
            }

            folded = next;
        }

        return Rune.GetUnicodeCategory(new Rune(folded)) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.EnclosingMark ? folded | KeptMark : folded;
    }

    private static int Step(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return codePoint is >= 'A' and <= 'Z' ? codePoint | 0x20 : codePoint;
        }

        if (Confusables.Find(codePoint) is not 0 and var confused)
        {
            return confused;
        }

        if (EnclosedLetters.Find(codePoint) is not 0 and var enclosed)
        {
            return enclosed;
        }

        if (CompatibilityLetters.Find(codePoint) is not 0 and var plain)
        {
            return plain;
        }

        if (IsBlank(codePoint))
        {
            return ' ';
        }

        var rune = new Rune(codePoint);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.DecimalDigitNumber => '0' + (int)Rune.GetNumericValue(rune),
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => ' ',
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.LetterNumber => Rune.ToLowerInvariant(rune).Value,
            _ => codePoint,
        };
    }

    // What takes room and shows nothing, and is no space to Unicode: the braille pattern without dots, the note without a head.
    private static bool IsBlank(int codePoint) => codePoint is 0x2800 or 0x1D159;

    private static bool IsTag(int codePoint) => codePoint is >= 0xE0020 and <= 0xE007E;

    // Default_Ignorable_Code_Point of the Unicode Character Database, the other format controls, and the C1 controls.
    private static bool IsIgnorable(int codePoint) => codePoint is
        (>= 0x80 and <= 0x84) or (>= 0x86 and <= 0x9F) or 0xAD or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164
        or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFFB) or (>= 0x1BCA0 and <= 0x1BCA3)
        or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    private static bool IsDroppedMark(int codePoint) => codePoint is
        (>= 0x300 and <= 0x36F) or (>= 0x483 and <= 0x489) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF)
        or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F);

    private readonly struct Fold : ICodePointRule
    {
        public static int Resolve(int codePoint) => FoldTable.Resolve(codePoint);
    }
}
