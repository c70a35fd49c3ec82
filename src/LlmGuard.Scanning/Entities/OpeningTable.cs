using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for one offset which detectors have an opening that fits what stands there. Immutable.</summary>
/// <remarks>
/// Every opening is one of 512 bits; more than that share bits with openings that begin alike. A table for each place tells by a byte in which of them
/// it may stand there, and what all tables agree on is left.
/// </remarks>
internal sealed class OpeningTable
{
    private const int Bits = 512;
    private const int Words = Bits / 64;

    private readonly Vector512<ulong>[] _places = new Vector512<ulong>[Opening.Length * 256];
    private readonly Vector512<ulong>[] _before = new Vector512<ulong>[OpeningSets.Start + 1];
    private readonly ulong[] _members = new ulong[Bits];

    /// <param name="openings">Distinct openings, those that are alike next to each other, and the detectors they are of, one bit each.</param>
    public OpeningTable(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        for (var i = 0; i < openings.Count; i++)
        {
            var (sets, detectors) = openings[i];
            var number = openings.Count <= Bits ? i : (int)((long)i * Bits / openings.Count);
            _members[number] |= detectors;
            var bit = Bit(number);
            for (var value = 0; value < 256; value++)
            {
                for (var place = 0; place < Opening.Length; place++)
                {
                    _places[(place << 8) + value] |= sets.Takes(place, value) ? bit : Vector512<ulong>.Zero;
                }
            }

            for (var value = 0; value <= OpeningSets.Start; value++)
            {
                _before[value] |= sets.TakesBefore(value) ? bit : Vector512<ulong>.Zero;
            }
        }
    }

    /// <summary>The detectors that have an opening at an offset, one bit each. Bytes that are not known yet fit all.</summary>
    public ulong At(ReadOnlySpan<byte> text, int at)
    {
        var left = _before[at > 0 ? text[at - 1] : OpeningSets.Start];
        var known = Math.Min(Opening.Length, text.Length - at);
        for (var place = 0; place < known; place++)
        {
            left &= _places[(place << 8) + text[at + place]];
            if ((place & 1) != 0 && left == Vector512<ulong>.Zero)
            {
                return 0;
            }
        }

        return Members(left);
    }

    private ulong Members(Vector512<ulong> left)
    {
        var members = 0UL;
        for (var word = 0; word < Words; word++)
        {
            for (var bits = left[word]; bits != 0; bits &= bits - 1)
            {
                members |= _members[(word * 64) + BitOperations.TrailingZeroCount(bits)];
            }
        }

        return members;
    }

    private static Vector512<ulong> Bit(int number) => Vector512<ulong>.Zero.WithElement(number / 64, 1UL << (number % 64));
}
