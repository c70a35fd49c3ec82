namespace LlmGuard.Scanning.Entities.Network;

/// <summary>What stands directly beside four numbers with points where they are a version, or a part of a document.</summary>
internal static class VersionSigns
{
    private const int LongestProduct = 24;

    /// <summary>Whether such stands before or behind the numbers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where they start.</param>
    /// <param name="end">Where they end.</param>
    public static bool Stand(ref ScanText text, int start, int end) => (text[start - 1], text[start - 2]) switch
    {
        // "v1.2.3.4", "^1.2.3.4", ">=1.2.3.4", "libx.so.1.2.3.4"
        ('v' or 'V' or '^', _) or ('=', '=' or '<' or '>' or '~' or '!') => true,
        ('.', var before) => AsciiByte.IsLetter(before),

        // "name-1.2.3.4.tar.gz", "linux-2.6.16.60/include"
        ('-', var before) => (AsciiByte.IsAlphanumeric(before) && text[end] is '.' or '-' or '_' && AsciiByte.IsLetter(text[end + 1]))
            || (AsciiByte.IsLetter(before) && text[start + 1] == '.' && text[end] is '/' or '\\'),
        ('/', var before) => AsciiByte.IsLetter(before) && IsProduct(ref text, start - 1),
        (' ', 0xA7) => text[start - 3] == 0xC2,
        (0xA7, 0xC2) => true,
        _ => false,
    };

    // "Firefox/1.2.3.4": a capital begins the name, and a space or bracket parts it from what stands before.
    private static bool IsProduct(ref ScanText text, int slash)
    {
        var start = slash;
        while (slash - start < LongestProduct && AsciiByte.IsLetter(text[start - 1]))
        {
            start--;
        }

        return AsciiByte.IsUpper(text[start]) && text[start - 1] is -1 or ' ' or '\n' or '"' or '(';
    }
}
