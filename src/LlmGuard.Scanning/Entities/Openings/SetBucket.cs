using System.Runtime.CompilerServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Some openings together: at each place the set of all that may stand there for any of them.</summary>
/// <param name="places">How many places there are.</param>
/// <param name="shares">How often values are met.</param>
/// <param name="asksEach">Whether all openings in it are looked at one by one where it lets something through, so that fewer are better.</param>
internal sealed class SetBucket(int places, SetShares shares, bool asksEach = false)
{
    private const int Rounds = 2;

    private readonly double[] _sums = new double[places];
    private int _count;

    /// <summary>What it takes at each place.</summary>
    public UInt128[] Sets { get; } = new UInt128[places];

    /// <summary>Spreads openings over buckets, so that what a bucket takes, for any opening in it, is expected to be met as rarely as can
    /// be.</summary>
    /// <remarks>
    /// Each goes where it adds least; then each is taken out again and goes where it adds least now, because those that came last found only the
    /// places that were left.
    /// </remarks>
    /// <param name="buckets">The buckets, empty.</param>
    /// <param name="count">How many openings there are; the most frequent first does best.</param>
    /// <param name="setsOf">By an opening and a bucket, what may stand at the places that the bucket looks at; null where it is not to go.</param>
    /// <returns>For each opening the number of its bucket.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] Spread(SetBucket[] buckets, int count, Func<int, int, UInt128[]?> setsOf)
    {
        var numbers = new int[count];
        Array.Fill(numbers, -1);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < count; i++)
            {
                if (numbers[i] is >= 0 and var bucket)
                {
                    numbers[i] = -1;
                    var others = Enumerable.Range(0, count).Where(other => numbers[other] == bucket);
                    buckets[bucket].Refill(others.Select(other => setsOf(other, bucket)!));
                }

                var (best, least) = (0, double.PositiveInfinity);
                for (var number = 0; number < buckets.Length; number++)
                {
                    var added = setsOf(i, number) is { } sets ? buckets[number].Added(sets) : double.PositiveInfinity;
                    (best, least) = added < least ? (number, added) : (best, least);
                }

                buckets[best].Add(setsOf(i, best)!);
                numbers[i] = best;
            }
        }

        return numbers;
    }

    /// <summary>How much more often it would let something through, or how much more would be looked at one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Added(UInt128[] sets)
    {
        var (now, then) = (1.0, 1.0);
        for (var place = 0; place < sets.Length; place++)
        {
            now *= _sums[place];
            then *= _sums[place] + shares.Sum(sets[place] & ~Sets[place]);
        }

        return asksEach ? ((_count + 1) * then) - (_count * now) : then - now;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(UInt128[] sets)
    {
        _count++;
        for (var place = 0; place < sets.Length; place++)
        {
            _sums[place] += shares.Sum(sets[place] & ~Sets[place]);
            Sets[place] |= sets[place];
        }
    }

    private void Refill(IEnumerable<UInt128[]> all)
    {
        Array.Clear(Sets);
        Array.Clear(_sums);
        _count = 0;
        foreach (var sets in all)
        {
            Add(sets);
        }
    }
}
