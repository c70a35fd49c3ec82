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
    private const int LongestWord = 24;

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
        if (sign is not ((byte)' ' or (byte)'\t'))
        {
            var isSoon = sign is not ((byte)'"' or (byte)'\'' or (byte)'\n' or (byte)'#' or (byte)'(' or (byte)':') && !before.ContainsAny((byte)' ', (byte)'\n');
            var isJoined = sign is (byte)'/' or (byte)'.' or (byte)';' or (byte)'|' or (byte)'`' or (byte)'\\';
            return text.Length <= LongestValue || isSoon || isJoined;
        }

        before = before.TrimEnd(" \t"u8);
        var word = before[(before.LastIndexOfAnyExcept(WordBytes) + 1)..];
        if (text.Length > LongestValue || word.Length >= LongestWord)
        {
            return false;
        }

        // An option, a sign, the one word before the one path, or a command.
        return word.IsEmpty || word[0] == '-' || !AsciiByte.IsLetter(word[^1])
            || (word.Length == before.Length && at < LongestWord && !text[at..].Contains((byte)' '))
            || ShellWords.Read(word, 0, out _, out _) is ShellCommand.Program or ShellCommand.Interpreter;
    }

    private static readonly System.Buffers.SearchValues<byte> WordBytes = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_"u8);
}
