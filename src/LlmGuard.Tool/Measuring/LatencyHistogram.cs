using System.Numerics;

namespace LlmGuard.Tool.Measuring;

/// <summary>Latencies of any number of rows in bounded room: percentiles are exact to one part in 64.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;

    private readonly long[] _counts = new long[(64 - SubBits + 1) << SubBits];
    private long _total;
    private long _count;

    public TimeSpan Max { get; private set; }

    public TimeSpan? Mean => _count == 0 ? null : TimeSpan.FromTicks(_total / _count);

    public void Add(TimeSpan latency)
    {
        var ticks = Math.Max(0, latency.Ticks);
        _counts[BucketOf(ticks)]++;
        _count++;
        _total += ticks;
        Max = latency > Max ? latency : Max;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        _count += other._count;
        _total += other._total;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The latency that the given share of rows stays within; null without rows.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan? Percentile(double share)
    {
        if (_count == 0)
        {
            return null;
        }

        var wanted = Math.Max(1, (long)Math.Ceiling(share * _count));
        var bucket = -1;
        for (var seen = 0L; seen < wanted;)
        {
            seen += _counts[++bucket];
        }

        var ticks = HighestOf(bucket);
        return TimeSpan.FromTicks(Math.Min(ticks, Max.Ticks));
    }

    private static int BucketOf(long ticks)
    {
        var shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)ticks) - SubBits - 1);
        return (shift << SubBits) + (int)(ticks >> shift);
    }

    private static long HighestOf(int bucket)
    {
        var shift = Math.Max(0, (bucket >> SubBits) - 1);
        return ((long)(bucket - (shift << SubBits) + 1) << shift) - 1;
    }
}
