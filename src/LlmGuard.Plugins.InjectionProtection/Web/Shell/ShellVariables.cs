using System.Buffers;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Recognises a command that is put together from variables: <c>a=w;b=hoami;$a$b</c>. The name stands where a command does, and the text gave it its
/// value.
/// </summary>
internal static class ShellVariables
{
    private const int LongestName = 16;
    private const int LongestLook = 256;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where a command would begin.</param>
    /// <param name="separator">The separator before it.</param>
    public static bool IsCommand(ReadOnlySpan<byte> text, int start, int separator)
    {
        if (start + 1 >= text.Length || text[start] != '$')
        {
            return false;
        }

        var name = text[(start + 1)..];
        name = name[..Math.Min(LongestName, name.Length)];
        name = name is [(byte)'{', ..] ? name[1..] : name;
        var length = name.IndexOfAnyExcept(NameBytes);
        name = length < 0 ? name : name[..length];
        if (name.IsEmpty || AsciiByte.IsDigit(name[0]))
        {
            // "$0" is the shell itself, and nothing may follow it.
            return name is [(byte)'0'] && start + 2 >= text.Length && separator <= start;
        }

        var before = text[Math.Max(0, separator - LongestLook)..separator];
        for (var at = 0; before[at..].IndexOf(name) is >= 0 and var found; at++)
        {
            at += found;
            var end = at + name.Length;
            if (end < before.Length && before[end] == '=' && (at == 0
                || before[at - 1] is (byte)';' or (byte)'&' or (byte)' ' or (byte)'|' or (byte)'\n'))
            {
                return true;
            }
        }

        return false;
    }
}
