using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Reads what stands behind the name of a command: whether it is written like arguments, and whether they reach out of the caller's folder.
/// </summary>
internal static class CommandArguments
{
    private static readonly SearchValues<byte> FolderBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./*"u8);

    private const int MostBlanks = 64;
    private const int MostWords = 6;
    private const int LongestWord = 64;
    private const int LongestHere = 256;

    /// <summary>What a word of a command line ends with.</summary>
    public static readonly SearchValues<byte> WordEnds = SearchValues.Create(" +\t\r\n;|&`"u8);

    private static readonly SearchValues<byte> ArgumentEnds = SearchValues.Create(" ;"u8);
    private static readonly SearchValues<byte> PatternSigns = SearchValues.Create("*?[{$\\"u8);
    private static readonly SearchValues<byte> ArgumentSigns = SearchValues.Create("/\\$-|&;<>`{*~%0123456789"u8);

    /// <summary>
    /// Whether an argument is something of the machine and not of the caller's folder: a path from the root or home, a variable, a pattern.
    /// </summary>
    public static bool ReachesOut(ReadOnlySpan<byte> text, int end, HitList hits)
    {
        var from = end;
        for (var i = 0; i < MostWords && end < text.Length
            && text[end] is (byte)' ' or (byte)'+' or (byte)'\t' or (byte)'<' or (byte)'$' or (byte)'>' or (byte)'/'; i++)
        {
            var start = SkipBlanks(text, end);
            var word = text.Slice(start, Math.Min(LongestWord, text.Length - start));
            var length = word.IndexOfAny(WordEnds);
            word = length < 0 ? word : word[..length];
            end = start + word.Length;
            var value = word.TrimStart("'\"-<>"u8);
            if (value.IsEmpty)
            {
                continue;
            }

            if (word is [(byte)'/', >= (byte)'a' and <= (byte)'z'])
            {
                // An option of Windows' commands.
                continue;
            }

            if (word is [(byte)'[', (byte)'-' or (byte)'<', ..] or [(byte)'(', (byte)'-', ..])
            {
                // How a program is called, as manuals write it.
                hits.Steps += end - from;
                return false;
            }

            if (word is [(byte)'<', (byte)'<', (byte)'<', (byte)'\'' or (byte)'"', ..]
                && text[(start + 4)..Math.Min(text.Length, start + LongestHere)].IndexOf(word[3]) is >= 0 and var here)
            {
                // "<<<'rm -rf x'": a text that the program reads.
                end = start + 4 + here + 1;
                continue;
            }

            if (word[0] == '\'' && text.Slice(start + 1, Math.Min(LongestWord, text.Length - start - 1)).IndexOf((byte)'\'') is > 0 and var quoted)
            {
                // Nothing is expanded within these quotes.
                end = start + quoted + 2;
                value = text.Slice(start + 1, quoted);
            }

            if (word is [(byte)'$', (byte)'(', ..])
            {
                // What it runs is judged where it begins.
                hits.Steps += end - from;
                return false;
            }

            var isPattern = word[0] is not ((byte)'\'' or (byte)'"') && word.IndexOf("://"u8) < 0 && word.ContainsAny(PatternSigns)
                && !IsQuestion(word) && !IsOfFolder(word, word.IndexOf((byte)'/')) && (word.Length > 1 || (end == text.Length && word[0] != '\\'))
                && !NamePatterns.IsOwn(word);
            // "+%F" is how a date is written, and no variable.
            var isFormat = value is [(byte)'%', >= (byte)'a' and <= (byte)'z'] or [(byte)'%', >= (byte)'a' and <= (byte)'z', (byte)')'
                or (byte)'-' or (byte)':' or (byte)'_' or (byte)'"', ..];
            if (isPattern || !isFormat && value is [(byte)'/' or (byte)'~' or (byte)'$' or (byte)'%', ..] or [_, (byte)':', (byte)'\\'
                or (byte)'/', ..] or [_,
                (byte)':'] && word[0] != '-' || (word.IndexOf("../.."u8) >= 0 && !CommandLines.IsSource(word)))
            {
                hits.Steps += end - from;
                return true;
            }
        }

        hits.Steps += end - from;
        return false;
    }

    // "who?", "(10 runs)?": the end of a sentence.
    private static bool IsQuestion(ReadOnlySpan<byte> word) =>
        word is [.., (byte)')' or (>= (byte)'a' and <= (byte)'z'), (byte)'?'] && !word[..^1].ContainsAny(PatternSigns) && !word.Contains((byte)'/');

    // "dist/*": what is in a folder of the caller's.
    private static bool IsOfFolder(ReadOnlySpan<byte> word, int slash) => slash > 0 && AsciiByte.IsLetter(word[0])
        && !word[..slash].ContainsAny(PatternSigns)
        && word[slash..].IndexOfAnyExcept(FolderBytes) < 0;

    /// <summary>Whether what follows a name is written like the arguments of a command.</summary>
    /// <param name="text">The text.</param>
    /// <param name="end">Where the name ends.</param>
    /// <param name="need">1: some sign of arguments in the next words; 2: right behind the name.</param>
    public static bool IsArguments(ReadOnlySpan<byte> text, int end, int need)
    {
        if (end >= text.Length || text[end] is not ((byte)' ' or (byte)'\t' or (byte)'<' or (byte)'$' or (byte)'+' or (byte)'/' or (byte)'>'
            or (byte)',' or (byte)'|' or (byte)';'))
        {
            return false;
        }

        var argument = SkipBlanks(text, end);
        if (argument >= text.Length)
        {
            return false;
        }

        var first = text[argument];
        if (first == '(')
        {
            // A remark.
            return false;
        }

        if (first == '<' && IsPlaceholder(text[(argument + 1)..]))
        {
            return false;
        }

        if (first is (byte)'/' or (byte)'-' or (byte)'$' or (byte)'~' or (byte)'<' or (byte)'>' or (byte)'|' or (byte)'*' or (byte)'\\'
            && argument + 1 < text.Length && text[argument + 1] > ' ')
        {
            return true;
        }

        var word = text.Slice(argument, Math.Min(24, text.Length - argument));
        var space = word.IndexOfAny(ArgumentEnds);
        word = space >= 0 ? word[..space] : word;
        return need == 1 && (word.ContainsAny(ArgumentSigns) || word.IndexOfAny((byte)'.', (byte)':') is > 0 and var dot && dot < word.Length - 1);
    }

    // "type <enter>", "path.<span class=": a key, a slot or an element, where a shell has the name of a file.
    private static bool IsPlaceholder(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, LongestWord)];
        var end = rest.IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        return end > 1 && (rest[end..].StartsWith(" class=\""u8) || rest[end..].StartsWith(" style=\""u8)) || end > 1 && rest[end] == '>'
            && rest[(end + 1)..] is [] or [(byte)' ' or (byte)'.' or (byte)',' or (byte)'\n', ..];
    }

    /// <summary>The offset behind blanks, which addresses write as plus signs.</summary>
    public static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        var most = Math.Min(text.Length, at + MostBlanks);
        while (at < most && text[at] is (byte)' ' or (byte)'\t' or (byte)'+' or (byte)0xA0)
        {
            at++;
        }

        return at;
    }
}
