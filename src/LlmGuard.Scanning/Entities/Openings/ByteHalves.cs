using System.Numerics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Which halves of bytes may stand at some places in a row, as the tables of a filter know them: 16 bits for each place.</summary>
internal readonly record struct ByteHalves(ulong AllLower, ulong AllUpper)
{
    // For every upper half, and every set of the lower eight or the upper eight lower halves, how often the bytes are met that they make.
    private static readonly double[] Shares = SharesOfHalves();

    /// <summary>How often all places may be expected to fit.</summary>
    public double Frequency
    {
        get
        {
            var product = 1.0;
            for (var place = 0; place < NibbleTables.Places; place++)
            {
                var lower = (int)(AllLower >> (place * 16)) & 0xFFFF;
                var share = 0.0;
                for (var upper = (uint)(AllUpper >> (place * 16)) & 0xFFFF; upper != 0; upper &= upper - 1)
                {
                    var row = BitOperations.TrailingZeroCount(upper) * 512;
                    share += Shares[row + (lower & 0xFF)] + Shares[row + 256 + (lower >> 8)];
                }

                product *= share;
            }

            return product;
        }
    }

    /// <summary>The halves of the bytes that may stand at each place.</summary>
    /// <param name="takes">Whether a byte may stand at a place.</param>
    public static ByteHalves Of(Func<int, int, bool> takes)
    {
        var (lower, upper) = (0UL, 0UL);
        for (var place = 0; place < NibbleTables.Places; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                if (takes(place, value))
                {
                    lower |= 1UL << (place * 16) << (value & 0xF);
                    upper |= 1UL << (place * 16) << (value >> 4);
                }
            }
        }

        return new ByteHalves(lower, upper);
    }

    public ByteHalves With(ByteHalves other) => new(AllLower | other.AllLower, AllUpper | other.AllUpper);

    private static double[] SharesOfHalves()
    {
        var total = Enumerable.Range(0, 256).Sum(FrequencyOf);
        var shares = new double[16 * 512];
        for (var upper = 0; upper < 16; upper++)
        {
            for (var set = 0; set < 512; set++)
            {
                var first = (upper << 4) + (set < 256 ? 0 : 8);
                shares[(upper * 512) + set] =
                    Enumerable.Range(0, 8).Where(i => (set >> i & 1) != 0).Sum(i => (double)FrequencyOf(first + i)) / total;
            }
        }

        return shares;
    }

    // Signs are met far more often in programs than in prose.
    private static int FrequencyOf(int value)
    {
        var frequency = ByteRarity.Frequency((byte)value);
        return value is < ' ' or >= 0x80 || AsciiByte.IsAlphanumeric(value) ? frequency : Math.Max(frequency, 120);
    }
}
