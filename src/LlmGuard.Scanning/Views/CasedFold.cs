using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Views;

/// <summary>What a code point becomes where the case of letters counts: folding, with capitals given back to capitals.</summary>
internal static class CasedFold
{
    /// <summary>The code point it becomes (possibly itself), or one of the negative entries of <see cref="FoldTable"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(int codePoint) => CodePointPages<Fold>.Find(codePoint);

    private static int Resolve(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return codePoint is >= 0x20 and <= 0x7E or >= 0x09 and <= 0x0D ? codePoint : FoldTable.Ignored;
        }

        var entry = FoldTable.Find(codePoint);
        if (entry < 0)
        {
            return entry;
        }

        var target = entry & ~FoldTable.KeptMark;

        // What folding only changes the case of stays; no detector knows a letter outside ASCII.
        return target >= 0x80 ? IsCase(codePoint, target) ? codePoint : target
            : AsciiByte.IsLower(target) && IsCapital(codePoint) ? target - 0x20
            : target;
    }

    private static bool IsCase(int codePoint, int target) => Rune.IsValid(codePoint) && Rune.ToLowerInvariant(new Rune(codePoint)).Value == target;

    // Capitals of Lisu and those in circles and squares are no upper-case letters to Unicode.
    private static bool IsCapital(int codePoint) =>
        Rune.GetUnicodeCategory(new Rune(codePoint)) is UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter
        || codePoint is (>= 0x24B6 and <= 0x24CF) or (>= 0xA4D0 and <= 0xA4F7) or (>= 0x1F110 and <= 0x1F1FF);

    private readonly struct Fold : ICodePointRule
    {
        public static int Resolve(int codePoint) => CasedFold.Resolve(codePoint);
    }
}
