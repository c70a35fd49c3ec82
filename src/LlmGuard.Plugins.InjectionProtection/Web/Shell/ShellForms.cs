using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Recognises command lines by their form where the names in them tell little: a program that another one is told to run, a name that is given
/// to a command, the
/// shell by its variable, and names of files that only a shell completes.
/// </summary>
internal static class ShellForms
{
    private const int LongestLook = 96;
    private const int LongestClass = 5;

    private static readonly WordTable<bool> Runners = new(("time nohup strace ltrace exec setsid stdbuf command builtin env xargs watch ionice",
        true));
    private static readonly SearchValues<byte> PathBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-./?*"u8);

    /// <summary>The offset behind what proves a command line, or 0.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where a command would begin.</param>
    public static int Begins(ReadOnlySpan<byte> text, int start)
    {
        var rest = text.Slice(start, Math.Min(LongestLook, text.Length - start));
        return rest.IsEmpty ? 0 : rest[0] switch
        {
            (byte)'/' => PathEnd(rest) is > 0 and var end ? start + end : NamePatterns.Hidden(rest) is > 0 and var hidden ? start + hidden : 0,
            (byte)'$' => rest.StartsWith("$shell -"u8) || rest.StartsWith("${shell} -"u8) ? start + "$shell".Length : 0,
            _ => RunEnd(text, start, rest),
        };
    }

    private static int RunEnd(ReadOnlySpan<byte> text, int start, ReadOnlySpan<byte> rest)
    {
        var quote = rest[0] is (byte)'"' or (byte)'\'' ? 1 : 0;
        var space = rest.IndexOf((byte)' ');
        if (space < 0)
        {
            return 0;
        }

        var name = rest[quote..space].TrimEnd("\"'"u8);
        if (name.SequenceEqual("alias"u8))
        {
            var sign = rest.IndexOf((byte)'=');
            return sign > space + 1 && rest[sign - 1] > ' ' && sign + 1 < rest.Length
                && rest[sign + 1] is not ((byte)' ' or (byte)'=') ? start + sign : 0;
        }

        return Runners.Contains(name) && ShellWords.Read(text, start + space + 1, out var end, out _)
            is ShellCommand.Program or ShellCommand.Interpreter
            && end > start + space + 2 && (end == text.Length || text[end] <= ' ') ? end : 0;
    }

    // "/bi[n]/bash", "/etc/[p]asswd": one of some letters within a word, which a route does not have, where brackets hold the whole of a name.
    private static int PathEnd(ReadOnlySpan<byte> path)
    {
        var open = path.IndexOf((byte)'[');
        if (open < 1 || path[..open].IndexOfAnyExcept(PathBytes) >= 0)
        {
            return 0;
        }

        var close = path[open..].IndexOf((byte)']');
        var after = open + close + 1;
        var isLettered = close is > 1 and <= LongestClass + 1 && path[(open + 1)..(after - 1)].IndexOfAnyInRange((byte)'a', (byte)'z') >= 0;
        return isLettered && after < path.Length && (AsciiByte.IsLetter(path[after]) || (path[after] == '/'
            && AsciiByte.IsLetter(path[open - 1]))) ? after : 0;
    }
}
