using System.Numerics;

namespace LlmGuard.Scanning.Entities;

/// <summary>
/// Tells the same as <see cref="OpeningTable"/> where so little of a text is known that its groups rule out next to nothing: each opening has a bit
/// of its own. The end of a text that goes on is looked at with every piece of it. Immutable.
/// </summary>
internal sealed class ShortOpenings
{
    private const int Values = OpeningSets.Start + 1;

    private readonly int _words;
    private readonly ulong[] _detectors;

    // By place, value and word of bits; the last place is the byte before.
    private readonly ulong[] _fits;

    public ShortOpenings(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        _words = (openings.Count + 63) / 64;
        _detectors = [.. openings.Select(static o => o.Detectors)];
        _fits = new ulong[(Opening.Length + 1) * Values * _words];
        for (var number = 0; number < openings.Count; number++)
        {
            for (var row = 0; row < (Opening.Length + 1) * Values; row++)
            {
                _fits[(row * _words) + (number >> 6)] |= openings[number].Sets.Takes(row / Values, row % Values) ? 1UL << (number & 63) : 0;
            }
        }
    }

    /// <summary>The detectors that have an opening there, one bit each.</summary>
    /// <param name="before">The byte before; <see cref="OpeningSets.Start"/> for the start of the text.</param>
    /// <param name="known">The bytes that are known, fewer than an opening has.</param>
    public ulong At(int before, ReadOnlySpan<byte> known)
    {
        var detectors = 0UL;
        for (var word = 0; word < _words; word++)
        {
            var fits = _fits[Row(Opening.Length, before) + word];
            for (var place = 0; place < known.Length && fits != 0; place++)
            {
                fits &= _fits[Row(place, known[place]) + word];
            }

            for (; fits != 0; fits &= fits - 1)
            {
                detectors |= _detectors[(word << 6) + BitOperations.TrailingZeroCount(fits)];
            }
        }

        return detectors;
    }

    private int Row(int place, int value) => ((place * Values) + value) * _words;
}
