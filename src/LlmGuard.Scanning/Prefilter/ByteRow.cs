using System.Runtime.CompilerServices;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Which bytes may stand at each place of a row that <see cref="NibbleTables"/> look for: 256 bits for each.</summary>
[InlineArray(Words * NibbleTables.Places)]
internal struct ByteRow
{
    private const int Words = 256 / 64;

    private ulong _first;

    /// <summary>Lets a byte stand at a place.</summary>
    public void Add(int place, int value) => this[(place * Words) + (value >> 6)] |= 1UL << (value & 63);

    /// <summary>Whether a byte may stand at a place.</summary>
    public readonly bool Takes(int place, int value) => (this[(place * Words) + (value >> 6)] >> (value & 63) & 1) != 0;

    /// <summary>The halves of these bytes.</summary>
    public readonly ByteHalves Halves
    {
        get
        {
            var (lower, upper) = (0UL, 0UL);
            for (var place = 0; place < NibbleTables.Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    if (Takes(place, value))
                    {
                        lower |= 1UL << ((place * 16) + (value & 0xF));
                        upper |= 1UL << ((place * 16) + (value >> 4));
                    }
                }
            }

            return new ByteHalves(lower, upper);
        }
    }
}
