using System.Text;
using System.Text.RegularExpressions;

namespace LlmGuard.Scanning.Patterns;

/// <summary>Checks regular expressions of a policy and translates what they mean elsewhere to what .NET understands.</summary>
internal static class PatternSyntax
{
    private const string Word = "[A-Za-z0-9_]";

    /// <summary>Why an expression cannot be used, without quoting it; null when it can.</summary>
    public static string? Refuse(string pattern)
    {
        if (pattern.Length == 0)
        {
            return "must not be empty";
        }

        if (pattern.Contains("[[:", StringComparison.Ordinal))
        {
            return "POSIX classes such as [[:alpha:]] are not supported: write the characters out, as in [A-Za-z]";
        }

        try
        {
            // Building it for the engine without backtracking refuses what has no linear form; that engine finds too little to be used itself.
            var linear = new Regex(NamedGroups(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return linear.IsMatch("") ? "matches the empty text, and so everything" : null;
        }
        catch (RegexParseException problem)
        {
            return $"is not a valid regular expression: {problem.Error} at character {problem.Offset}";
        }
        catch (NotSupportedException)
        {
            return "uses lookaround, a backreference, an atomic group or too large a repetition, whose time cannot be bounded";
        }
    }

    /// <summary>The expression for .NET: word boundaries see ASCII letters only, and <c>(?P&lt;name&gt;</c> opens a named group.</summary>
    /// <remarks>With .NET's own boundaries, an accented letter next to a number would hide the number.</remarks>
    public static string Translate(string pattern)
    {
        pattern = NamedGroups(pattern);
        var translated = new StringBuilder(pattern.Length + 64);
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                var boundary = depth == 0 ? Boundary(pattern[i + 1]) : null;
                translated.Append(boundary ?? pattern.Substring(i, 2));
                i++;
                continue;
            }

            translated.Append(c);
            if (c == '[' && (depth == 0 || pattern[i - 1] == '-'))
            {
                depth++;
                i = CopyClassStart(pattern, i, translated);
            }
            else if (c == ']' && depth > 0)
            {
                depth--;
            }
        }

        return translated.ToString();
    }

    private static string NamedGroups(string pattern) => pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);

    private static string? Boundary(char escaped) => escaped switch
    {
        'b' => $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))",
        'B' => $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))",
        _ => null,
    };

    // A closing bracket that comes first in a class stands for itself.
    private static int CopyClassStart(string pattern, int at, StringBuilder translated)
    {
        if (at + 1 < pattern.Length && pattern[at + 1] == '^')
        {
            translated.Append(pattern[++at]);
        }

        if (at + 1 < pattern.Length && pattern[at + 1] == ']')
        {
            translated.Append(pattern[++at]);
        }

        return at;
    }
}
