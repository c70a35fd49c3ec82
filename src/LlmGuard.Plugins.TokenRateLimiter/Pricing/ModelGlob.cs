namespace LlmGuard.Plugins.TokenRateLimiter.Pricing;

/// <summary>Finds what applies to a model: the exact name, else the pattern with the most literal characters, else the first of these.</summary>
internal static class ModelGlob
{
    /// <summary>Whether a pattern, in which <c>*</c> stands for any characters or none, matches a name, also an empty one. Case is ignored.</summary>
    public static bool Matches(string pattern, string model)
    {
        var (p, m, asterisk, behind) = (0, 0, -1, 0);
        while (m < model.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (asterisk, behind) = (p++, m);
            }
            else if (p < pattern.Length && char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(model[m]))
            {
                p++;
                m++;
            }
            else if (asterisk >= 0)
            {
                // The last asterisk stands for one character more.
                p = asterisk + 1;
                m = ++behind;
            }
            else
            {
                return false;
            }
        }

        return !pattern.AsSpan(p).ContainsAnyExcept('*');
    }

    /// <summary>The best match, or null.</summary>
    public static T? Best<T>(IReadOnlyList<T> items, Func<T, string> pattern, string model, Func<T, bool>? takesPart = null)
        where T : class
    {
        T? best = null;
        var most = -1;
        foreach (var item in items)
        {
            var literals = Specificity(pattern(item));
            if (literals > most && takesPart?.Invoke(item) != false && Matches(pattern(item), model))
            {
                best = item;
                most = literals;
            }
        }

        return best;
    }

    private static int Specificity(string pattern) =>
        pattern.Contains('*', StringComparison.Ordinal) ? pattern.Length - pattern.Count(static c => c == '*') : int.MaxValue;
}
