using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Tells short words of Greek, Cyrillic and Armenian from Latin words in disguise. All letters of <c>не</c> look like Latin ones, so it is <c>he</c>
/// or a Russian word: the letters around it tell (Unicode Technical Standard 39 calls these whole-script confusables).
/// </summary>
/// <remarks>
/// A word of at most <see cref="Longest"/> letters, all of one of these scripts, is read as one of its script when the nearest letter that tells,
/// before or behind it, belongs to that script and looks like no Latin letter. Whatever is longer, mixed, or stands alone or among Latin letters is
/// read as Latin, since a language hardly ever has a longer word by accident that is one of another language too.
/// </remarks>
internal static class ScriptWords
{
    /// <summary>Letters of the longest word that is read by what stands around it.</summary>
    public const int Longest = 4;

    /// <summary>Most bytes before and behind a word that are looked at.</summary>
    public const int Reach = 64;

    private const int LongestBytes = 128;

    private const int FirstScript = 0x370;
    private const int BehindScripts = 0x590;

    // What is to be asked of every letter of these scripts and before them, and behind it the number of its script.
    private const int ScriptShift = 4;
    private static readonly byte[] Kinds = [.. Enumerable.Range(0, BehindScripts).Select(FindKind)];

    // Asked for at every letter of a short word, of which every text is full.
    private static readonly ushort[] OwnForms = [.. Enumerable.Range(0, BehindScripts).Select(static c => (ushort)FindOwn(c))];

    private enum Letter : byte
    {
        None,
        Own,
        Alike,
        Other,
        Invisible,
    }

    /// <summary>Whether such a word may begin with a byte.</summary>
    public static bool MayBegin(byte value) => value is >= 0xCD and <= 0xD6;

    /// <summary>How many bytes at an offset, where a word begins, are a word to be read as one of its own script.</summary>
    /// <param name="utf8">What is known of the text.</param>
    /// <param name="at">Where the word begins.</param>
    /// <param name="isEnd">Whether the text ends there.</param>
    /// <param name="isForeign">Whether a word about which nothing tells is read as one of its script.</param>
    /// <returns>The number; 0 when the word is read as Latin; -1 when only what follows can tell.</returns>
    public static int Length(ReadOnlySpan<byte> utf8, int at, bool isEnd, bool isForeign)
    {
        var script = ScriptOf(CodePoint.Read(utf8, at, out _));
        if (script == 0)
        {
            return 0;
        }

        var (end, letters) = (at, 0);
        while (true)
        {
            if (end == utf8.Length)
            {
                if (!isEnd)
                {
                    return -1;
                }

                break;
            }

            var codePoint = CodePoint.Read(utf8, end, out var length);
            var letter = Judge(codePoint, script);
            if (letter != Letter.Invisible)
            {
                if (letter == Letter.None && !WordCharacters.Contains(codePoint))
                {
                    break;
                }

                if (letter != Letter.Alike || ++letters > Longest)
                {
                    return 0;
                }
            }

            end += length;
            if (end - at > LongestBytes)
            {
                return 0;
            }
        }

        return Around(utf8, at, end, script, isEnd, isForeign) switch { true => end - at, false => 0, null => -1 };
    }

    /// <summary>What a letter becomes when it is read as one of its own script.</summary>
    public static int Fold(int codePoint) => (uint)codePoint < BehindScripts ? OwnForms[codePoint] : FindOwn(codePoint);

    private static int FindOwn(int codePoint)
    {
        var lower = Rune.ToLowerInvariant(new Rune(codePoint)).Value;
        return CompatibilityLetters.Find(lower) is not 0 and var plain ? Rune.ToLowerInvariant(new Rune(plain)).Value : lower;
    }

    private static bool? Around(ReadOnlySpan<byte> utf8, int start, int end, int script, bool isEnd, bool isForeign)
    {
        for (var at = start; at > 0;)
        {
            at -= LengthBefore(utf8, at, out var codePoint);
            if (start - at > Reach)
            {
                break;
            }

            if (Judge(codePoint, script) is (Letter.Own or Letter.Other) and var letter)
            {
                if (letter == Letter.Own)
                {
                    return true;
                }

                break;
            }
        }

        for (var at = end; at < utf8.Length;)
        {
            var codePoint = CodePoint.Read(utf8, at, out var length);
            at += length;
            if (at - end > Reach)
            {
                return isForeign;
            }

            if (Judge(codePoint, script) is (Letter.Own or Letter.Other) and var letter)
            {
                return letter == Letter.Own;
            }
        }

        return isEnd || utf8.Length - end >= Reach ? isForeign : null;
    }

    private static int LengthBefore(ReadOnlySpan<byte> utf8, int end, out int codePoint)
    {
        if (utf8[end - 1] < 0x80)
        {
            codePoint = utf8[end - 1];
            return 1;
        }

        if (end > 1 && utf8[end - 2] is >= 0xC2 and < 0xE0 && AsciiByte.IsContinuation(utf8[end - 1]))
        {
            codePoint = ((utf8[end - 2] & 0x1F) << 6) | (utf8[end - 1] & 0x3F);
            return 2;
        }

        Rune.DecodeLastFromUtf8(utf8[..end], out var rune, out var length);
        codePoint = rune.Value;
        return length;
    }

    private static Letter Judge(int codePoint, int script)
    {
        var kind = (uint)codePoint < BehindScripts ? Kinds[codePoint] : FindKind(codePoint);

        // Letters of a second such script tell nothing.
        var letter = (Letter)(kind & ((1 << ScriptShift) - 1));
        return letter is Letter.Alike or Letter.Own && kind >> ScriptShift != script ? Letter.None : letter;
    }

    private static byte FindKind(int codePoint) => (byte)((byte)Find(codePoint) | (ScriptOf(codePoint) << ScriptShift));

    private static Letter Find(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return AsciiByte.IsLetter(codePoint) ? Letter.Other : Letter.None;
        }

        var entry = FoldTable.Find(codePoint);
        if (entry is FoldTable.Ignored or FoldTable.Mark)
        {
            return Letter.Invisible;
        }

        if (ScriptOf(codePoint) == 0)
        {
            return entry > 0 && AsciiByte.IsLetter(entry) ? Letter.Other : Letter.None;
        }

        return !Rune.IsLetter(new Rune(codePoint)) ? Letter.None : entry is >= 0 and < 0x80 ? Letter.Alike : Letter.Own;
    }

    private static int ScriptOf(int codePoint) => codePoint switch
    {
        < FirstScript => 0,
        < 0x400 => 1,
        < 0x530 => 2,
        < BehindScripts => 3,
        _ => 0,
    };
}
