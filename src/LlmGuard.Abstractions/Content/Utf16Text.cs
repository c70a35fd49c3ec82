namespace LlmGuard;

/// <summary>Checks of UTF-16 text that becomes UTF-8.</summary>
internal static class Utf16Text
{
    /// <summary>Whether every surrogate is half of a pair, so that encoding loses nothing.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0;)
        {
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return false;
            }

            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }
}
