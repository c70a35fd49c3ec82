namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Spreads openings over buckets, so that what a bucket lets through, for any opening in it, is expected to be met as rarely as can
/// be.</summary>
/// <remarks>
/// From the most frequent opening to the rarest, each goes where it adds least; then each is taken out again and goes where it adds least now,
/// because the
/// many rare ones that came last found only the places that were left.
/// </remarks>
internal sealed class OpeningBuckets
{
    private const int Rounds = 2;

    private readonly NarrowShape[] _shapes;
    private readonly int[] _numbers;
    private readonly Bucket[] _buckets;

    private OpeningBuckets(NarrowShape[] shapes, int count)
    {
        (_shapes, _numbers, _buckets) = (shapes, new int[shapes.Length], new Bucket[count]);
        Array.Fill(_numbers, -1);
        int[] order = [.. Enumerable.Range(0, shapes.Length).OrderByDescending(i => shapes[i].Frequency)];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var shape in order)
            {
                TakeOut(shape);
                Put(shape);
            }
        }
    }

    /// <summary>What is in each bucket, all in one.</summary>
    /// <param name="shapes">What openings look like to the filter.</param>
    /// <param name="count">How many buckets there are.</param>
    public static NarrowShape[] Spread(IEnumerable<NarrowShape> shapes, int count) =>
        [.. new OpeningBuckets([.. shapes.Distinct()], count)._buckets.Select(static bucket => bucket.Shape)];

    private void TakeOut(int shape)
    {
        if (_numbers[shape] is >= 0 and var number)
        {
            _numbers[shape] = -1;
            _buckets[number] = default;
            for (var other = 0; other < _numbers.Length; other++)
            {
                if (_numbers[other] == number)
                {
                    _buckets[number].Add(_shapes[other]);
                }
            }
        }
    }

    private void Put(int shape)
    {
        var (best, least) = (0, double.MaxValue);
        for (var number = 0; number < _buckets.Length; number++)
        {
            var added = _buckets[number].Shape.With(_shapes[shape]).Frequency - _buckets[number].Frequency;
            (best, least) = added < least ? (number, added) : (best, least);
        }

        _buckets[best].Add(_shapes[shape]);
        _numbers[shape] = best;
    }

    private struct Bucket
    {
        private double? _frequency;

        public NarrowShape Shape { get; private set; }

        /// <summary>How often it may be expected to let something through.</summary>
        public double Frequency => _frequency ??= Shape.Frequency;

        public void Add(NarrowShape shape) => (Shape, _frequency) = (Shape.With(shape), null);
    }
}
