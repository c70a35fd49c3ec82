using System.Text;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>Reads what stands in a text in characters that nobody sees and a model may read: tags, and variation selectors that each hide a byte.</summary>
internal static class HiddenStretches
{
    /// <summary>Fewer bytes are a flag or a style of emoji.</summary>
    private const int Shortest = 8;

    /// <summary>The next stretch at or behind an offset.</summary>
    public static bool Next(ReadOnlySpan<byte> text, int from, List<byte> hidden, out int start, out int end)
    {
        (start, end) = (-1, from);
        hidden.Clear();
        while (end < text.Length)
        {
            if (start < 0)
            {
                var found = text[end..].IndexOfAny((byte)0xEF, (byte)0xF3);
                if (found < 0)
                {
                    break;
                }

                end += found;
            }

            Rune.DecodeFromUtf8(text[end..], out var rune, out var width);
            if (Hidden(rune.Value) is >= 0 and var value)
            {
                start = start < 0 ? end : start;
                hidden.Add((byte)value);
            }
            else if (start >= 0)
            {
                if (hidden.Count >= Shortest)
                {
                    return true;
                }

                start = -1;
                hidden.Clear();
            }

            end += width;
        }

        return start >= 0 && hidden.Count >= Shortest;
    }

    private static int Hidden(int codePoint) => codePoint switch
    {
        >= 0xE0020 and <= 0xE007E => codePoint - 0xE0000,
        >= 0xFE00 and <= 0xFE0F => codePoint - 0xFE00,
        >= 0xE0100 and <= 0xE01EF => codePoint - 0xE0100 + 16,
        _ => -1,
    };
}
