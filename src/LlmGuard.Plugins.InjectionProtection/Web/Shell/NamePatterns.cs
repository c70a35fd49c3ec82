using System.Buffers;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Tells what looks like a pattern of a shell but names things of the caller's own from what hides a name: <c>*.log</c>, <c>{}</c>,
/// <c>[options]</c>, <c>items[0].name</c> and <c>--include=*.cs</c> against <c>/e?c/p*d</c> and <c>{cat,x}</c>. And the other way round:
/// finds the files of a machine behind patterns.
/// </summary>
internal static class NamePatterns
{
    private const int LeastExtension = 2;
    private const int LeastLetters = 3;
    private const int LongestPath = 32;
    private const int LongestClass = 5;

    private static readonly SearchValues<byte> OtherSigns = SearchValues.Create("?[{$\\"u8);
    private static readonly SearchValues<byte> PathBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz/?*"u8);

    /// <summary>
    /// Whether an argument with signs of a pattern names something of the caller's folder, or is how manuals write what may be left out.
    /// </summary>
    /// <param name="word">The argument, in lower case.</param>
    public static bool IsOwn(ReadOnlySpan<byte> word)
    {
        if (word is [(byte)'-', (byte)'-', ..] && word.IndexOf((byte)'=') is > 2 and var sign)
        {
            word = word[(sign + 1)..].Trim("'\""u8);
            return word is [] or [(byte)'*'] || (word[0] is (byte)'*' or (>= (byte)'a' and <= (byte)'z') && !word.ContainsAny(OtherSigns)
                && word.IndexOf(".."u8) < 0);
        }

        return word.SequenceEqual("{}"u8) || IsBracketed(word) || IsByExtension(word);
    }

    /// <summary>The length of a path that only a shell would complete to a file of the machine, <c>/e?c/?asswd</c>, or 0.</summary>
    /// <param name="path">The path and what follows it, in lower case.</param>
    public static int Hidden(ReadOnlySpan<byte> path)
    {
        var end = path[..Math.Min(path.Length, LongestPath)].IndexOfAnyExcept(PathBytes);
        end = end < 0 ? path.Length : end;
        if (end > LongestPath || (end < path.Length && path[end] != ' '))
        {
            return 0;
        }

        path = path[..end];
        var letters = 0;
        foreach (var b in path)
        {
            letters += AsciiByte.IsLetter(b) ? 1 : 0;
        }

        return letters >= LeastLetters && path.ContainsAny((byte)'?', (byte)'*') && (Matches(path, "/etc/passwd"u8)
            || Matches(path, "/etc/shadow"u8) || Matches(path, "/bin/cat"u8) || Matches(path, "/bin/bash"u8)) ? end : 0;
    }

    // "[options]", "[--file|--dir]", "items[0].name": brackets that hold a whole word or an index, where a class of letters stands within a name.
    private static bool IsBracketed(ReadOnlySpan<byte> word)
    {
        var open = word.IndexOf((byte)'[');
        if (open < 0 || word.Contains((byte)'/') || word.IndexOfAny("*?{$\\"u8) >= 0)
        {
            return false;
        }

        var close = word[open..].IndexOf((byte)']');
        return close < 0 || close > LongestClass + 1 || open == 0 || open + close + 1 == word.Length || !AsciiByte.IsLetter(word[open + close + 1]);
    }

    // "*.log", "test-*.json", "src/*.cs": names by their extension.
    private static bool IsByExtension(ReadOnlySpan<byte> word)
    {
        word = word.Trim((byte)'"');
        var dot = word.LastIndexOf((byte)'.');
        return dot > 0 && dot + LeastExtension < word.Length && word[(dot + 1)..].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0
            && !word.ContainsAny(OtherSigns) && word[0] is (byte)'*' or (>= (byte)'a' and <= (byte)'z') && word.IndexOf(".."u8) < 0
            && (word[0] == '*' || word[..dot].Contains((byte)'-') || word[..dot].Contains((byte)'/'));
    }

    // Stars do not reach over a slash. Both are short.
    private static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name)
    {
        var (p, n, star, from) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == name[n] || (pattern[p] == '?' && name[n] != '/')))
            {
                p++;
                n++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, n);
            }
            else if (star >= 0 && name[from] != '/')
            {
                (p, n) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim((byte)'*').IsEmpty;
    }
}
