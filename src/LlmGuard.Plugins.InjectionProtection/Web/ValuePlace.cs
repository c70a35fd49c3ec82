using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Tells the path that a value is, or that a command is given, from the path that a sentence or a file of settings speaks of: names of files of
/// the machine stand
/// in manuals and configurations on every page.
/// </summary>
internal static class ValuePlace
{
    private const int LongestValue = 200;
    private const int LongestLook = 128;

    /// <summary>Most bytes that are looked at.</summary>
    public const int Longest = LongestLook + LongestValue;

    private const int LongestWord = 24;
    private const int LeastWords = 3;

    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the path begins.</param>
    public static bool IsValue(ReadOnlySpan<byte> text, int at)
    {
        if (at == 0)
        {
            return true;
        }

        var before = text[Math.Max(0, at - LongestLook)..at];
        var sign = before[^1];
        if (sign is (byte)'"' or (byte)'\'' && (IsInSentence(before[..^1]) || IsRemarked(text, at, sign)))
        {
            return false;
        }

        if (sign is not ((byte)' ' or (byte)'\t'))
        {
            var isSoon = sign is not ((byte)'"' or (byte)'\'' or (byte)'\n' or (byte)'#' or (byte)'(' or (byte)':')
                && !before.ContainsAny((byte)' ', (byte)'\n');
            var isJoined = sign is (byte)'/' or (byte)'.' or (byte)';' or (byte)'|' or (byte)'`' or (byte)'\\';
            return text.Length <= LongestValue || isSoon || isJoined;
        }

        before = before.TrimEnd(" \t"u8);
        var word = before[(before.LastIndexOfAnyExcept(WordBytes) + 1)..];
        if (text.Length > LongestValue || word.Length >= LongestWord)
        {
            return false;
        }

        if (word.IsEmpty)
        {
            // A sign; but behind a label, "log: /var/log/x", stands a setting.
            return before is not [.., >= (byte)'a' and <= (byte)'z', (byte)':'];
        }

        // An option, the one word before the one path, or a command.
        return (word[0] == '-' && (text[0] == '/' || ShellWords.Read(text, 0, out _, out _) != ShellCommand.None))
            || (word[0] != '-' && !AsciiByte.IsLetter(word[^1]))
            || (word.Length == before.Length && at < LongestWord && !text[at..].Contains((byte)' '))
            || ShellWords.Read(word, 0, out _, out _) is ShellCommand.Program or ShellCommand.Interpreter;
    }

    /// <summary>Whether words lead there, as in <c>could not find file 'c:\x'</c>.</summary>
    /// <param name="before">What stands before the name or the quote before it, in lower case.</param>
    public static bool IsInSentence(ReadOnlySpan<byte> before) => WordsBefore(before, LeastWords) == LeastWords;

    /// <summary>Counts the words that end right before a place, of two letters and more, with single spaces between them.</summary>
    /// <param name="before">What stands before it, in lower case.</param>
    /// <param name="most">How many are counted at most.</param>
    public static int WordsBefore(ReadOnlySpan<byte> before, int most)
    {
        var words = 0;
        while (words < most && before is [.., (byte)' '])
        {
            before = before[..^1];
            var word = before[(before.LastIndexOfAnyExceptInRange((byte)'a', (byte)'z') + 1)..];
            if (word.Length < 2)
            {
                break;
            }

            words++;
            before = before[..^word.Length];
        }

        return words;
    }

    // "'/var/lib/x'  # the folder": a setting with its remark.
    private static bool IsRemarked(ReadOnlySpan<byte> text, int at, byte quote)
    {
        var rest = text.Slice(at, Math.Min(LongestLook, text.Length - at));
        var close = rest.IndexOf(quote);
        return close > 0 && rest[(close + 1)..] is [(byte)' ' or (byte)'\t', ..]
            && rest[(close + 1)..].TrimStart(" \t"u8) is [(byte)'#', (byte)' ', ..];
    }

    /// <summary>Whether a name of a file stands alone or behind folders of the caller's: no root, home or drive, and no step up.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the name begins.</param>
    public static bool IsOwnFile(ReadOnlySpan<byte> text, int at)
    {
        var folders = text[Math.Max(0, at - LongestLook)..at];
        folders = folders[(folders.LastIndexOfAnyExcept(FolderBytes) + 1)..];
        return folders.Length == at && (folders.IsEmpty || (folders[0] is not ((byte)'/' or (byte)'\\' or (byte)'~') && folders.IndexOf(".."u8) < 0
            && !folders.Contains((byte)':')));
    }

    private static readonly System.Buffers.SearchValues<byte> FolderBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./\\:~"u8);

    /// <summary>Whether a program would be started there: something follows its name, or a sign before it begins a command.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the path begins.</param>
    public static bool IsCommand(ReadOnlySpan<byte> text, int at)
    {
        var rest = text.Slice(at, Math.Min(LongestValue, text.Length - at));
        var before = text[Math.Max(0, at - LongestLook)..at];
        var left = before.TrimEnd(" \t"u8);
        if (left.IsEmpty || left[^1] == '=')
        {
            return rest.ContainsAny(ArgumentSigns);
        }

        var isCommand = CommandSigns.Contains(left[^1]);
        return isCommand || (left.Length < before.Length ? ShellWords.Read(left, left.LastIndexOf((byte)' ') + 1, out _, out _) != ShellCommand.None
            : left[^1] is not ((byte)'!' or (byte)':') && IsValue(text, at));
    }

    private static readonly System.Buffers.SearchValues<byte> ArgumentSigns = System.Buffers.SearchValues.Create(" \t;|&$<>+%`'\"*?"u8);

    private static readonly System.Buffers.SearchValues<byte> CommandSigns = System.Buffers.SearchValues.Create(";|&`({$<>+'\"%,"u8);

    private static readonly System.Buffers.SearchValues<byte> WordBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_"u8);
}
