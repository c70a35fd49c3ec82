namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Puts openings that take about the same into groups that share one bit of a table.</summary>
internal static class OpeningGroups
{
    /// <summary>The groups, at most as many as asked for, each of at least one opening.</summary>
    /// <param name="openings">The openings, and the detectors they are of.</param>
    /// <param name="most">Most groups.</param>
    /// <param name="setsOf">What may stand at the places that the table looks at.</param>
    public static (OpeningSets Sets, ulong Detectors)[][] Of(
        IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings, int most, Func<OpeningSets, UInt128[]> setsOf)
    {
        var shapes = openings.Select(opening => (Opening: opening, Sets: setsOf(opening.Sets)))
            .OrderByDescending(static shape => SetShares.OfBytes.Product(shape.Sets)).ToArray();
        if (shapes.Length <= most)
        {
            return [.. shapes.Select(static shape => new[] { shape.Opening })];
        }

        SetBucket[] buckets = [.. Enumerable.Range(0, most).Select(_ => new SetBucket(shapes[0].Sets.Length, SetShares.OfBytes, asksEach: true))];
        var numbers = SetBucket.Spread(buckets, shapes.Length, (shape, _) => shapes[shape].Sets);
        return
        [
            .. shapes.Zip(numbers).GroupBy(static pair => pair.Second, static pair => pair.First.Opening).Select(static group => group.ToArray()),
        ];
    }
}
