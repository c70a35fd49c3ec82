using System.Text.RegularExpressions;

namespace LlmGuard.Scanning.Patterns;

/// <summary>A regular expression of a policy, bounded in time. Immutable and safe for concurrent use.</summary>
internal sealed class UserPattern
{
    /// <summary>The longest that one search may take, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Regex _regex;

    private UserPattern(Regex regex) => _regex = regex;

    /// <summary>Compiles an expression.</summary>
    /// <param name="pattern">The expression: .NET syntax that an engine without backtracking supports.</param>
    /// <param name="ignoreCase">Whether case does not matter, beyond what the expression says itself.</param>
    /// <param name="timeout">The longest that one search may take.</param>
    /// <param name="problem">Why it is refused, without quoting it; null when it is not.</param>
    /// <returns>The pattern, or null when it is refused.</returns>
    public static UserPattern? TryCreate(string pattern, bool ignoreCase, TimeSpan timeout, out string? problem)
    {
        problem = PatternSyntax.Refuse(pattern);
        if (problem is not null)
        {
            return null;
        }

        var options = RegexOptions.Compiled | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return new UserPattern(new Regex(PatternSyntax.Translate(pattern), options, timeout));
    }

    /// <summary>Finds all non-empty matches, in ascending order and not overlapping.</summary>
    /// <param name="text">The text.</param>
    /// <param name="spans">Receives the spans, counted in UTF-16 units.</param>
    /// <returns>False when the time was up: then nothing is known about the text, and it must not pass as clean.</returns>
    public bool TryFind(ReadOnlySpan<char> text, List<(int Start, int Length)> spans)
    {
        try
        {
            foreach (var match in _regex.EnumerateMatches(text))
            {
                if (match.Length > 0)
                {
                    spans.Add((match.Index, match.Length));
                }
            }

            return true;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
