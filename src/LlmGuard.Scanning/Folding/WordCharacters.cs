using System.Globalization;
using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>Which characters belong to words: letters, digits and marks. One bit for each that has at most three bytes.</summary>
internal static class WordCharacters
{
    private const int Count = 0x10000;

    private static readonly ulong[] Bits = Build();

    public static bool Contains(int codePoint) =>
        codePoint < Count ? (Bits[codePoint >> 6] >> (codePoint & 63) & 1) != 0 : IsOfWord(Rune.GetUnicodeCategory(new Rune(codePoint)));

    private static ulong[] Build()
    {
        var bits = new ulong[Count / 64];
        for (var codePoint = 0; codePoint < Count; codePoint++)
        {
            bits[codePoint >> 6] |= IsOfWord(CharUnicodeInfo.GetUnicodeCategory(codePoint)) ? 1UL << (codePoint & 63) : 0;
        }

        return bits;
    }

    private static bool IsOfWord(UnicodeCategory category) => category <= UnicodeCategory.OtherNumber;
}
