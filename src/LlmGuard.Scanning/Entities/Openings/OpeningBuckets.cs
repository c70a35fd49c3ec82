using LlmGuard.Scanning.Prefilter;

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
    /// <summary>Offset of the last places that a filter can look at.</summary>
    public const int Last = Opening.Length - NibbleTables.Places;

    private const int Rounds = 2;

    private readonly (ByteHalves First, ByteHalves Last)[] _openings;
    private readonly int[] _numbers;
    private readonly Bucket[] _buckets;

    private OpeningBuckets(IReadOnlyList<OpeningSets> openings, Bucket[] buckets)
    {
        _openings = [.. openings.Select(static sets => (ByteHalves.Of(sets, 0), ByteHalves.Of(sets, Last)))];
        _numbers = new int[openings.Count];
        _buckets = buckets;
        int[] order =
            [.. Enumerable.Range(0, openings.Count).OrderByDescending(i => Math.Min(_openings[i].First.Frequency, _openings[i].Last.Frequency))];
        Array.Fill(_numbers, -1);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var opening in order)
            {
                TakeOut(opening);
                Put(opening);
            }
        }
    }

    /// <summary>For each opening the number of its bucket.</summary>
    /// <param name="openings">The openings.</param>
    /// <param name="count">How many buckets there are.</param>
    /// <param name="looksAtFirst">Whether a bucket looks at the first places.</param>
    /// <param name="looksAtLast">Whether it looks at the last places.</param>
    public static int[] Spread(IReadOnlyList<OpeningSets> openings, int count, Func<int, bool> looksAtFirst, Func<int, bool> looksAtLast) =>
        new OpeningBuckets(openings, [.. Enumerable.Range(0, count).Select(bucket =>
            new Bucket(looksAtFirst(bucket), looksAtLast(bucket)))])._numbers;

    private void TakeOut(int opening)
    {
        if (_numbers[opening] is >= 0 and var number)
        {
            _numbers[opening] = -1;
            _buckets[number].Clear();
            for (var other = 0; other < _numbers.Length; other++)
            {
                if (_numbers[other] == number)
                {
                    _buckets[number].Add(_openings[other]);
                }
            }
        }
    }

    private void Put(int opening)
    {
        var (best, least) = (0, double.MaxValue);
        for (var number = 0; number < _buckets.Length; number++)
        {
            var added = _buckets[number].With(_openings[opening]) - _buckets[number].Frequency;
            (best, least) = added < least ? (number, added) : (best, least);
        }

        _buckets[best].Add(_openings[opening]);
        _numbers[opening] = best;
    }

    private struct Bucket(bool looksAtFirst, bool looksAtLast)
    {
        private (ByteHalves First, ByteHalves Last) _halves;
        private double? _frequency;

        /// <summary>How often it may be expected to let something through.</summary>
        public double Frequency => _frequency ??= FrequencyOf(_halves);

        /// <summary>How often it would with one more opening.</summary>
        public readonly double With((ByteHalves First, ByteHalves Last) opening) => FrequencyOf(Join(opening));

        public void Add((ByteHalves First, ByteHalves Last) opening) => (_halves, _frequency) = (Join(opening), null);

        public void Clear() => (_halves, _frequency) = (default, null);

        private readonly (ByteHalves First, ByteHalves Last) Join((ByteHalves First, ByteHalves Last) opening) =>
            (_halves.First.With(opening.First), _halves.Last.With(opening.Last));

        private readonly double FrequencyOf((ByteHalves First, ByteHalves Last) halves) =>
            (looksAtFirst ? halves.First.Frequency : 1) * (looksAtLast ? halves.Last.Frequency : 1);
    }
}
