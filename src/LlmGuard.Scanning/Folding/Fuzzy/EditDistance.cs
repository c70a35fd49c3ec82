namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>Levenshtein distance over code points, computed only near the diagonal.</summary>
internal static class EditDistance
{
    /// <summary>The distance if it is at most the limit, else any larger number.</summary>
    /// <param name="left">One word.</param>
    /// <param name="right">The other word.</param>
    /// <param name="limit">Largest distance of interest.</param>
    /// <param name="row">Scratch of at least the length of <paramref name="right"/> plus one.</param>
    /// <param name="steps">Counts the cells that were computed.</param>
    public static int Compute(ReadOnlySpan<int> left, ReadOnlySpan<int> right, int limit, Span<int> row, ref long steps)
    {
        var beyond = limit + 1;
        if (Math.Abs(left.Length - right.Length) > limit)
        {
            return beyond;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = Math.Min(j, beyond);
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var first = Math.Max(1, i - limit);
            var last = Math.Min(right.Length, i + limit);
            var diagonal = row[first - 1];
            row[first - 1] = first == 1 ? Math.Min(i, beyond) : beyond;
            var best = row[first - 1];
            for (var j = first; j <= last; j++)
            {
                var above = j == i + limit ? beyond : row[j];
                var cost = left[i - 1] == right[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(above, row[j - 1]));
                diagonal = row[j];
                row[j] = Math.Min(cost, beyond);
                best = Math.Min(best, row[j]);
            }

            steps += last - first + 1;
            if (best > limit)
            {
                return beyond;
            }
        }

        return row[right.Length];
    }
}
