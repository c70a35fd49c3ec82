using System.Text;

namespace LlmGuard.Scanning.Views;

/// <summary>
/// Characters that nobody sees and a model may read: tags (U+E0020 to U+E007E), which stand for ASCII, and variation selectors (U+FE00 to U+FE0F
/// and U+E0100 to U+E01EF), which can each hide a byte.
/// </summary>
internal static class HiddenCharacters
{
    /// <summary>Where the next byte is that can begin one of them; -1 when there is none.</summary>
    public static int IndexIn(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)0xEF, (byte)0xF3);

    /// <summary>The byte that the character at the start of a text hides; -1 when it hides none.</summary>
    /// <param name="text">The text; not empty.</param>
    /// <param name="width">Receives the bytes of the character.</param>
    public static int Read(ReadOnlySpan<byte> text, out int width)
    {
        Rune.DecodeFromUtf8(text, out var rune, out width);
        return rune.Value switch
        {
            >= 0xE0020 and <= 0xE007E => rune.Value - 0xE0000,
            >= 0xFE00 and <= 0xFE0F => rune.Value - 0xFE00,
            >= 0xE0100 and <= 0xE01EF => rune.Value - 0xE0100 + 16,
            _ => -1,
        };
    }
}
