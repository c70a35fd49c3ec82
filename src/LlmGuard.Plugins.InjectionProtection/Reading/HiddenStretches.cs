using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>Collects what stands in a row of <see cref="HiddenCharacters"/>.</summary>
internal static class HiddenStretches
{
    /// <summary>The next stretch at or behind an offset; fewer bytes than can be a text are a flag or a style of emoji.</summary>
    public static bool Next(ReadOnlySpan<byte> text, int from, List<byte> hidden, out int start, out int end)
    {
        for (end = from; end < text.Length && HiddenCharacters.IndexIn(text[end..]) is >= 0 and var found;)
        {
            end += found;
            start = end;
            hidden.Clear();
            var width = 0;
            while (end < text.Length && HiddenCharacters.Read(text[end..], out width) is >= 0 and var value)
            {
                hidden.Add((byte)value);
                end += width;
            }

            if (hidden.Count >= EncodedText.Shortest)
            {
                return true;
            }

            end += hidden.Count == 0 ? width : 0;
        }

        start = -1;
        return false;
    }
}
