using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for one offset which detectors have an opening that fits what stands there. Immutable.</summary>
/// <remarks>
/// Most openings begin with a certain word (<see cref="OpeningWords"/>). The others, that begin with classes of characters, have one bit each, or
/// share one with others that begin alike: a
/// table for each place tells by a byte in which of them it may stand there. Mostly the tables agree on none; those they agree on are looked at one
/// by one. What begins with a digit has tables of its own.
/// </remarks>
internal sealed class OpeningTable
{
    private const int Groups = 256;

    // More than there are bytes: rows of the same byte at all places would fall into the same few lines of the cache.
    private const int PlaceRows = 264;
    private const int Rows = Opening.Length * PlaceRows;

    private readonly OpeningWords _words;

    // First for what does not begin with a digit, then for what does.
    private readonly Vector256<ulong>[] _places = new Vector256<ulong>[2 * Rows];
    private readonly (OpeningSets Sets, ulong Detectors)[][][] _members;

    /// <param name="openings">Distinct openings, those that begin alike side by side, and the detectors they are of, one bit each.</param>
    public OpeningTable(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        var isWord = openings.ToLookup(static o => OpeningWords.IsOne(o.Sets));
        _words = new OpeningWords([.. isWord[true]]);
        _members = [Group(isWord[false], isDigit: false), Group(isWord[false], isDigit: true)];
        for (var kind = 0; kind < _members.Length; kind++)
        {
            for (var group = 0; group < _members[kind].Length; group++)
            {
                var bit = Vector256<ulong>.Zero.WithElement(group / 64, 1UL << group);
                foreach (var (sets, _) in _members[kind][group])
                {
                    for (var row = 0; row < Rows; row++)
                    {
                        _places[(kind * Rows) + row] |= row % PlaceRows < 256 && sets.Takes(row / PlaceRows, row % PlaceRows) ? bit : default;
                    }
                }
            }
        }
    }

    /// <summary>Keeps of some offsets those at which an opening may stand, whatever stands before. Keeps too many and drops none wrongly.</summary>
    /// <param name="text">The bytes that the offsets count from. After each offset all bytes follow that an opening looks at.</param>
    /// <param name="offsets">The offsets; those that are kept come first afterwards.</param>
    /// <returns>How many are kept.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Keep(ReadOnlySpan<byte> text, Span<ushort> offsets)
    {
        ref var begin = ref MemoryMarshal.GetReference(text);
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        ref var bitmap = ref _words.Bitmap;
        ref var first = ref MemoryMarshal.GetReference(offsets);
        var kept = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            var offset = Unsafe.Add(ref first, i);
            Unsafe.Add(ref first, kept) = offset;
            ref var here = ref Unsafe.Add(ref begin, offset);
            kept += Unsafe.BitCast<bool, byte>(GroupsAt(ref places, ref here) != Vector256<ulong>.Zero) | OpeningWords.MayFit(ref bitmap, ref here);
        }

        return kept;
    }

    /// <summary>The detectors that have an opening at an offset, one bit each. Bytes that are not known yet fit all.</summary>
    public ulong At(ReadOnlySpan<byte> text, int at)
    {
        var known = text.Slice(at, Math.Min(Opening.Length, text.Length - at));
        ref var here = ref MemoryMarshal.GetReference(known);
        var groups = known.Length == Opening.Length ? GroupsAt(ref MemoryMarshal.GetArrayDataReference(_places), ref here) : GroupsAt(known);
        return _words.At(text, at) | (groups == Vector256<ulong>.Zero ? 0 : At(groups, text, at));
    }

    // Without a branch, which would be guessed wrongly where words and numbers take turns.
    private static int KindOf(byte first) => Unsafe.BitCast<bool, byte>(AsciiByte.IsDigit(first));

    private static (OpeningSets Sets, ulong Detectors)[][] Group(IEnumerable<(OpeningSets Sets, ulong Detectors)> openings, bool isDigit)
    {
        var ofKind = openings.Where(o => o.Sets.Begins(isDigit)).ToArray();
        var size = Math.Max(Groups, ofKind.Length);
        return [.. ofKind.Select((opening, i) => (opening, i)).GroupBy(o => o.i * Groups / size, static o => o.opening).Select(static group => group.ToArray())];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> GroupsAt(ref Vector256<ulong> all, ref byte here)
    {
        ref var places = ref Unsafe.Add(ref all, (nint)(KindOf(here) * Rows));
        return Unsafe.Add(ref places, (nint)here)
            & Unsafe.Add(ref places, PlaceRows + (nint)Unsafe.Add(ref here, 1)) & Unsafe.Add(ref places, (2 * PlaceRows) + (nint)Unsafe.Add(ref here, 2))
            & Unsafe.Add(ref places, (3 * PlaceRows) + (nint)Unsafe.Add(ref here, 3)) & Unsafe.Add(ref places, (4 * PlaceRows) + (nint)Unsafe.Add(ref here, 4))
            & Unsafe.Add(ref places, (5 * PlaceRows) + (nint)Unsafe.Add(ref here, 5)) & Unsafe.Add(ref places, (6 * PlaceRows) + (nint)Unsafe.Add(ref here, 6))
            & Unsafe.Add(ref places, (7 * PlaceRows) + (nint)Unsafe.Add(ref here, 7));
    }

    private Vector256<ulong> GroupsAt(ReadOnlySpan<byte> known)
    {
        var groups = Vector256<ulong>.AllBitsSet;
        for (var place = 0; place < known.Length; place++)
        {
            groups &= _places[(KindOf(known[0]) * Rows) + (place * PlaceRows) + known[place]];
        }

        return groups;
    }

    private ulong At(Vector256<ulong> groups, ReadOnlySpan<byte> text, int at)
    {
        var detectors = 0UL;
        var members = _members[KindOf(text[at])];
        for (var part = 0; part < Vector256<ulong>.Count; part++)
        {
            for (var left = groups[part]; left != 0; left &= left - 1)
            {
                detectors |= OpeningWords.Fitting(members[(part * 64) + BitOperations.TrailingZeroCount(left)], text, at);
            }
        }

        return detectors;
    }
}
