namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>The ordinary way to look for misspelt words: every word against every keyword of about its length, by dynamic programming.</summary>
internal static class EditDistanceLoop
{
    public static int Count(string text, string[] keywords, double similarity)
    {
        var count = 0;
        foreach (var range in text.AsSpan().SplitAny(" ,.\n\""))
        {
            var word = text.AsSpan(range);
            foreach (var keyword in keywords)
            {
                var most = (int)((1 - similarity) * Math.Max(word.Length, keyword.Length));
                count += Math.Abs(word.Length - keyword.Length) <= most && Distance(word, keyword) <= most ? 1 : 0;
            }
        }

        return count;
    }

    private static int Distance(ReadOnlySpan<char> left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var cost = diagonal + (char.ToLowerInvariant(left[i]) == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(cost, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
