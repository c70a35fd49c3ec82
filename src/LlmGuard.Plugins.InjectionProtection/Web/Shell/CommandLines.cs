using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Recognises a text that is a command line from its start, whatever its first program is called: it is given options or files of its folder. What
/// follows a separator in such a text is a part of it, and broke out of nothing.
/// </summary>
internal static class CommandLines
{
    private static readonly System.Buffers.SearchValues<byte> FileBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./"u8);

    private const int LongestCommand = 256;
    private const int LongestName = 32;

    /// <summary>Most bytes of the name of a script.</summary>
    public const int LongestScript = 64;

    private const int Fields = 5;

    private static readonly WordTable<bool> Folders = new(("rm rmdir mkdir ls tar unzip", true));

    private static readonly WordTable<bool> Sources = new(("js mjs cjs ts mts py rb json md csproj sln toml", true));

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_."u8);
    private static readonly SearchValues<byte> CommandEnds = SearchValues.Create(";|&\n`$<>"u8);
    private static readonly SearchValues<byte> FieldBytes = SearchValues.Create("0123456789*/,-"u8);

    /// <summary>The offset behind the prompt, the variables or the times of a crontab that stand before the command, or 0.</summary>
    /// <param name="text">The text, in lower case.</param>
    public static int Begin(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'$', (byte)' ', ..])
        {
            return 2;
        }

        // "run: npm ci": what it is for; a shell looks for a program of that name, and finds none.
        var label = text[..Math.Min(LongestName, text.Length)].IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        if (label > 2 && text[label..] is [(byte)':', (byte)' ', >= (byte)'a' and <= (byte)'z', ..])
        {
            return label + 2;
        }

        var at = 0;
        for (var field = 0; field < Fields; field++)
        {
            var length = text[at..].IndexOfAnyExcept(FieldBytes);
            if (length is <= 0 or > LongestName || text[at + length] is not ((byte)' ' or (byte)'\t'))
            {
                return 0;
            }

            at += length;
            while (at < text.Length && at < LongestCommand && text[at] is (byte)' ' or (byte)'\t')
            {
                at++;
            }
        }

        return at;
    }

    /// <summary>Whether a program is called with an option or with a file of its folder.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where the command begins.</param>
    public static bool IsCall(ReadOnlySpan<byte> text, int start)
    {
        var command = text.Slice(start, Math.Min(LongestCommand, text.Length - start));
        var end = command.IndexOfAny(CommandEnds);
        command = end < 0 ? command : command[..end];
        var name = command.IndexOfAnyExcept(NameBytes);
        if (name is < 2 or > LongestName || !AsciiByte.IsLetter(command[0]) || command[name] != ' ')
        {
            return false;
        }

        foreach (var range in command.Split((byte)' '))
        {
            var word = command[range];
            if (range.Start.Value > 0 && (word is [(byte)'-', (byte)'-' or (>= (byte)'a' and <= (byte)'z'), ..] || IsOwnFile(word)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a program of the folder is called: <c>./configure --prefix=x</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where its name begins.</param>
    public static bool IsOwnProgram(ReadOnlySpan<byte> text, int start)
    {
        var rest = text.Slice(start, Math.Min(LongestScript, text.Length - start));
        var end = rest.IndexOf((byte)' ');
        return end > 3 && rest is [(byte)'.', (byte)'/', >= (byte)'a' and <= (byte)'z', ..] && rest[..end].IndexOfAnyExcept(FileBytes) < 0
            && rest[..end].IndexOf(".."u8) < 0;
    }

    /// <summary>Whether folders for what is thrown away are made, listed or removed, and nothing else: <c>rm -rf /tmp/build</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where the name of the command begins.</param>
    /// <param name="end">Where it ends.</param>
    public static bool IsScratch(ReadOnlySpan<byte> text, int start, int end)
    {
        if (!Folders.Contains(text[start..end]) || text.Length > LongestCommand || text.ContainsAny(CommandEnds) || text.IndexOf(".."u8) >= 0
            || text.ContainsAny((byte)'~', (byte)'$'))
        {
            return false;
        }

        foreach (var range in text[end..].Split((byte)' '))
        {
            var word = text[end..][range];
            if (word is [(byte)'*'] or [(byte)'.', (byte)'/', (byte)'*']
                || (word is [(byte)'/', ..] && !(word is [_, (byte)'t', (byte)'m', (byte)'p', (byte)'/', _, ..] || word.StartsWith("/var/tmp/"u8))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a property is compared, as MSBuild writes it: <c>'$(Install)' == ''</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where <c>$(</c> stands.</param>
    public static bool IsProperty(ReadOnlySpan<byte> text, int at)
    {
        var rest = text.Slice(at, Math.Min(LongestScript, text.Length - at));
        return at > 0 && text[at - 1] == '\'' && rest[0] == '$' && rest.IndexOf((byte)')') is > 2 and var close
            && rest[2..close].IndexOfAnyExcept(NameBytes) < 0 && ShellWords.Read(rest, 2, out _, out _) is ShellCommand.None or ShellCommand.Word
            && rest[(close + 1)..] is [(byte)'\'', .. var behind]
            && (behind = behind.TrimStart((byte)' ')) is [(byte)'=' or (byte)'!', (byte)'=', ..];
    }

    /// <summary>Whether an interpreter is given a file of the folder: <c>node ./build.js</c>, <c>bash scripts/fix.sh</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">Where the name of the interpreter ends.</param>
    public static bool IsOwnScript(ReadOnlySpan<byte> text, int end)
    {
        var rest = text[end..];
        rest = rest[..Math.Min(LongestScript, rest.Length)].TrimStart((byte)' ');
        var length = rest.IndexOfAny((byte)' ', (byte)'\n');
        return rest.Length < text.Length - end && IsOwnFile(length < 0 ? rest : rest[..length]);
    }

    /// <summary>Whether a path leads to a program or to settings of a project, beside the folder that one stands in.</summary>
    public static bool IsSource(ReadOnlySpan<byte> word) => word.LastIndexOf((byte)'.') is > 0 and var dot && Sources.Contains(word[(dot + 1)..]);

    private static bool IsOwnFile(ReadOnlySpan<byte> word) => word.SequenceEqual("./..."u8) || word.Length > 2
        && word[0] is (byte)'.' or (>= (byte)'a' and <= (byte)'z')
        && word.IndexOfAny((byte)'/', (byte)'.') > (word[0] == '.' ? -1 : 0) && word.IndexOf("../.."u8) < 0 && word.IndexOf("://"u8) < 0
        && AsciiByte.IsAlphanumeric(word[^1]) && word.LastIndexOf((byte)'.') is > 0 and var dot && AsciiByte.IsLetter(word[dot + 1])
        && word.IndexOfAnyExcept(FileBytes) < 0;
}
