using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for one offset which detectors have an opening that fits what stands there. Immutable.</summary>
/// <remarks>
/// Openings are put in 64 groups, one bit each: a table for each place tells by a byte in which groups it may stand there. Mostly
/// the tables agree on none; the openings of the groups they agree on are looked at one by one.
/// </remarks>
internal sealed class OpeningTable
{
    private const int Groups = 64;

    private readonly ulong[] _places = new ulong[Opening.Length * 256];
    private readonly (OpeningSets Sets, ulong Detectors)[][] _members = new (OpeningSets, ulong)[Groups][];
    private readonly ShortOpenings _short;

    /// <param name="openings">Distinct openings, and the detectors they are of, one bit each.</param>
    public OpeningTable(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        _short = new ShortOpenings(openings);
        var numbers = OpeningBuckets.Spread([.. openings.Select(static o => o.Sets)], Groups, static _ => true, static _ => true);
        for (var group = 0; group < Groups; group++)
        {
            _members[group] = [.. openings.Where((_, i) => numbers[i] == group)];
            foreach (var (sets, _) in _members[group])
            {
                for (var row = 0; row < _places.Length; row++)
                {
                    _places[row] |= sets.Takes(row >> 8, row & 0xFF) ? 1UL << group : 0;
                }
            }
        }
    }

    /// <summary>The detectors that have an opening at an offset, one bit each. Bytes that are not known yet fit all.</summary>
    public ulong At(ReadOnlySpan<byte> text, int at)
    {
        if (text.Length - at < Opening.Length)
        {
            return _short.At(at > 0 ? text[at - 1] : OpeningSets.Start, text[at..]);
        }

        var known = text.Slice(at, Opening.Length);
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        var groups = ulong.MaxValue;
        for (var place = 0; place < known.Length; place++)
        {
            groups &= Unsafe.Add(ref places, (place << 8) + known[place]);
        }

        return groups == 0 ? 0 : At(groups, at > 0 ? text[at - 1] : OpeningSets.Start, known);
    }

    private ulong At(ulong groups, int before, ReadOnlySpan<byte> known)
    {
        var detectors = 0UL;
        for (; groups != 0; groups &= groups - 1)
        {
            foreach (var (sets, ofOpening) in _members[BitOperations.TrailingZeroCount(groups)])
            {
                detectors |= (ofOpening & ~detectors) != 0 && sets.Fit(before, known) ? ofOpening : 0;
            }
        }

        return detectors;
    }
}
