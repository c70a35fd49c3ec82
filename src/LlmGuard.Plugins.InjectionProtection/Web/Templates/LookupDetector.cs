using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Templates;

/// <summary>
/// Resolves the lookups of loggers as they do, the inner ones first: <c>${${lower:j}ndi:...}</c> is <c>${jndi:...}</c>. What looks something up
/// in a directory is an
/// attack, and so is what makes single letters by lookups, which nobody needs but who hides a name.
/// </summary>
internal static class LookupDetector
{
    private const int Longest = 512;
    private const int MostOpen = 16;
    private const int LongestLetters = 2;

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        for (var at = 0; text[at..].IndexOf("${"u8) is >= 0 and var found;)
        {
            at += found;
            var most = text.Slice(at, Math.Min(Longest, text.Length - at));
            var length = Resolve(most, out var isAttack);
            hits.Steps += 2 * length;
            if (isAttack || (length == text.Length && IsOfLogger(text[2..])))
            {
                hits.Add(InjectionRules.TemplateLookup, at, at + length);
            }

            at += length;
        }
    }

    // Reads one lookup with those in it, and tells how much of the text that is.
    private static int Resolve(ReadOnlySpan<byte> text, out bool isAttack)
    {
        Span<byte> resolved = stackalloc byte[Longest];
        Span<int> open = stackalloc int[MostOpen];
        var (count, depth, at) = (0, 0, 0);
        isAttack = false;
        while (at < text.Length)
        {
            if (text[at] == '$' && at + 1 < text.Length && text[at + 1] == '{' && depth < MostOpen)
            {
                open[depth++] = count;
                at += 2;
                continue;
            }

            if (text[at] != '}')
            {
                resolved[count++] = text[at++];
                continue;
            }

            at++;
            var start = open[--depth];
            count = start + Value(resolved[start..count], ref isAttack);
            if (depth == 0)
            {
                return at;
            }
        }

        // What is not closed has been cut, and is judged as far as it goes.
        for (; depth > 0; depth--)
        {
            isAttack |= IsDirectory(resolved[open[depth - 1]..count]);
        }

        return Math.Max(at, 2);
    }

    // Puts the value of a lookup in its place, and tells its length.
    private static int Value(Span<byte> lookup, ref bool isAttack)
    {
        isAttack |= IsDirectory(lookup);
        var colon = lookup.IndexOf((byte)':');
        var fallback = lookup.IndexOf(":-"u8);
        var isLetterCase = lookup.StartsWith("lower:"u8) || lookup.StartsWith("upper:"u8);
        var from = isLetterCase ? colon + 1 : fallback >= 0 ? fallback + 2 : -1;
        if (from < 0)
        {
            return lookup.Length;
        }

        var value = lookup[from..];
        isAttack |= value.Length is > 0 and <= LongestLetters && (isLetterCase || colon < fallback || fallback == 0)
            && value.IndexOfAnyInRange((byte)'0', (byte)'9') < 0;
        value.CopyTo(lookup);
        return value.Length;
    }

    // A value that is nothing but a lookup asks what it is answered with.
    private static bool IsOfLogger(ReadOnlySpan<byte> lookup) => lookup.StartsWith("env:"u8) || lookup.StartsWith("sys:"u8)
        || lookup.StartsWith("java:"u8)
        || lookup.StartsWith("ctx:"u8) || lookup.StartsWith("main:"u8) || lookup.StartsWith("log4j:"u8);

    private static bool IsDirectory(ReadOnlySpan<byte> lookup) => (lookup.StartsWith("jndi:"u8) && lookup is not [_, _, _, _, _, (byte)' ', ..])
        || lookup.StartsWith("script:"u8) || (lookup.StartsWith("url:"u8) || lookup.StartsWith("dns:"u8)) && lookup.Length > 4
            && AsciiByte.IsLetter(lookup[4]);
}
