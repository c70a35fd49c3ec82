using System.Globalization;
using System.Text;

namespace LlmGuard.Tool.Scans;

/// <summary>
/// Makes a text harmless for a terminal, and what would hide in it visible: escape sequences, bidirectional and zero-width characters.
/// </summary>
internal static class VisibleText
{
    public static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8));

    public static string Of(string original)
    {
        var text = new StringBuilder(original.Length);
        foreach (var rune in original.EnumerateRunes())
        {
            // A joiner holds families of emoji together and can hide nothing by itself; everything else without a glyph is spelt out.
            if (rune.Value is '\n' or '\t' or 0x200D || !IsInvisible(rune))
            {
                text.Append(rune.ToString());
            }
            else if (rune.Value != '\r')
            {
                text.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            }
        }

        return text.ToString();
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
