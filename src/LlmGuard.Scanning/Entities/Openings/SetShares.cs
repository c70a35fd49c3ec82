using System.Numerics;
using System.Runtime.CompilerServices;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>How often the values of a set are met together. Immutable.</summary>
/// <remarks>Eight values at a time are looked up: plans are built by asking this a million times.</remarks>
internal sealed class SetShares
{
    /// <summary>Different values.</summary>
    public const int Values = 128;

    private const int Octets = Values / 8;

    private readonly double[] _sums = new double[Octets * 256];

    /// <param name="shares">How often each value is met.</param>
    public SetShares(double[] shares)
    {
        for (var octet = 0; octet < Octets; octet++)
        {
            for (var set = 1; set < 256; set++)
            {
                _sums[(octet * 256) + set] = _sums[(octet * 256) + (set & (set - 1))] + shares[(octet * 8) + BitOperations.TrailingZeroCount(set)];
            }
        }
    }

    /// <summary>For sets of ASCII characters.</summary>
    public static SetShares OfBytes { get; } = new(SharesOfBytes());

    /// <summary>How often one of some values is met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Sum(UInt128 set)
    {
        var sum = 0.0;
        var at = 0;
        for (var lower = (ulong)set; lower != 0; lower >>= 8, at += 256)
        {
            sum += _sums[at + (byte)lower];
        }

        at = Octets / 2 * 256;
        for (var upper = (ulong)(set >> 64); upper != 0; upper >>= 8, at += 256)
        {
            sum += _sums[at + (byte)upper];
        }

        return sum;
    }

    /// <summary>How often some sets may be expected to fit in a row.</summary>
    public double Product(UInt128[] sets) => sets.Aggregate(1.0, (product, set) => product * Sum(set));

    private static double[] SharesOfBytes()
    {
        double[] frequencies = [.. Enumerable.Range(0, Values).Select(static value => (double)Frequency(value))];
        var total = frequencies.Sum();
        return [.. frequencies.Select(frequency => frequency / total)];
    }

    // Signs are met far more often in programs than in prose.
    private static int Frequency(int value)
    {
        var frequency = ByteRarity.Frequency((byte)value);
        return value < ' ' || AsciiByte.IsAlphanumeric(value) ? frequency : Math.Max(frequency, 120);
    }
}
