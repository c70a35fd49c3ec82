using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells at which offsets one of some openings may stand, by tables small enough to stay in the nearest cache. Immutable.</summary>
/// <remarks>
/// Openings that take about the same share one of 32 bits; a table for each place, and one for the byte before, tells in which of them a byte may
/// stand there. What begins with a digit has tables of its own.
/// </remarks>
internal sealed class OpeningPlaces
{
    private const int Groups = 32;

    // More than there are bytes: rows of the same byte at all places would fall into the same few lines of the cache.
    private const int PlaceRows = 264;
    private const int Before = Opening.Length * PlaceRows;
    private const int Rows = Before + PlaceRows;

    // First for what does not begin with a digit, then for what does.
    private readonly uint[] _places = new uint[2 * Rows];

    /// <param name="openings">The openings.</param>
    public OpeningPlaces(IReadOnlyList<OpeningSets> openings)
    {
        Add(openings, isDigit: false);
        Add(openings, isDigit: true);
    }

    /// <summary>Keeps of some offsets those at which an opening may stand.</summary>
    /// <param name="from">Where they count from. A byte stands before each, and after it all bytes that an opening looks at.</param>
    /// <param name="offsets">The first offset; those that are kept come first afterwards.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>How many are kept.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Keep(ref byte from, ref ushort offsets, int count)
    {
        ref var all = ref MemoryMarshal.GetArrayDataReference(_places);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var offset = Unsafe.Add(ref offsets, i);
            ref var here = ref Unsafe.Add(ref from, (nint)offset);
            ref var places = ref Unsafe.Add(ref all, (nint)(Unsafe.BitCast<bool, byte>(AsciiByte.IsDigit(here)) * Rows));
            Unsafe.Add(ref offsets, kept) = offset;
            var groups = Unsafe.Add(ref places, (nint)here) & Unsafe.Add(ref places, Before + (nint)Unsafe.Subtract(ref here, 1))
                & Unsafe.Add(ref places, PlaceRows + (nint)Unsafe.Add(ref here, 1))
                & Unsafe.Add(ref places, (2 * PlaceRows) + (nint)Unsafe.Add(ref here, 2))
                & Unsafe.Add(ref places, (3 * PlaceRows) + (nint)Unsafe.Add(ref here, 3))
                & Unsafe.Add(ref places, (4 * PlaceRows) + (nint)Unsafe.Add(ref here, 4))
                & Unsafe.Add(ref places, (5 * PlaceRows) + (nint)Unsafe.Add(ref here, 5))
                & Unsafe.Add(ref places, (6 * PlaceRows) + (nint)Unsafe.Add(ref here, 6))
                & Unsafe.Add(ref places, (7 * PlaceRows) + (nint)Unsafe.Add(ref here, 7));
            kept += Unsafe.BitCast<bool, byte>(groups != 0);
        }

        return kept;
    }

    private void Add(IEnumerable<OpeningSets> openings, bool isDigit)
    {
        var digits = RowOpenings.Ascii(value => AsciiByte.IsDigit(value) == isDigit);
        (OpeningSets Sets, ulong Detectors)[] ofKind = [.. openings.Where(sets => sets.Begins(isDigit)).Select(static sets => (sets, 0UL))];
        var groups = OpeningGroups.Of(ofKind, Groups, sets => [sets.AsciiAt(0) & digits, .. sets.AsciiFrom(1), sets.AsciiAt(Opening.Length)]);
        for (var group = 0; group < groups.Length; group++)
        {
            foreach (var (sets, _) in groups[group])
            {
                for (var row = 0; row < Rows; row++)
                {
                    var (place, value) = Math.DivRem(row, PlaceRows);
                    _places[(isDigit ? Rows : 0) + row] |= value <= byte.MaxValue && sets.Takes(place, value) ? 1U << group : 0;
                }
            }
        }
    }
}
