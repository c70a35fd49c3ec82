using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for one offset which detectors have an opening that fits what stands there. Immutable.</summary>
/// <remarks>
/// Most openings begin with a certain word (<see cref="OpeningWords"/>). The others, that begin with classes of characters, are put in groups, one bit each: a
/// table for each place tells by a byte in which groups it may stand there. Mostly the tables agree on none; the openings of the groups they agree on are looked at
/// one by one. What begins with a digit has groups and tables of its own.
/// </remarks>
internal sealed class OpeningTable
{
    private const int Groups = 128;
    private const int Rows = Opening.Length * 256;

    private readonly OpeningWords _words;

    // First for what does not begin with a digit, then for what does.
    private readonly Vector128<ulong>[] _places = new Vector128<ulong>[2 * Rows];
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
                var bit = group < 64 ? Vector128.Create(1UL << group, 0) : Vector128.Create(0, 1UL << (group - 64));
                foreach (var (sets, _) in _members[kind][group])
                {
                    for (var row = 0; row < Rows; row++)
                    {
                        _places[(kind * Rows) + row] |= sets.Takes(row >> 8, row & 0xFF) ? bit : default;
                    }
                }
            }
        }
    }

    /// <summary>Whether any opening fits what stands at an offset, whatever stands before. Says yes too often and never no wrongly.</summary>
    /// <param name="here">The byte at the offset, after which all follow that an opening looks at.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayFit(ref byte here) => GroupsAt(ref here) != Vector128<ulong>.Zero | _words.MayFit(ref here);

    /// <summary>The detectors that have an opening at an offset, one bit each. Bytes that are not known yet fit all.</summary>
    public ulong At(ReadOnlySpan<byte> text, int at)
    {
        var known = text.Slice(at, Math.Min(Opening.Length, text.Length - at));
        ref var here = ref MemoryMarshal.GetReference(known);
        var groups = known.Length == Opening.Length ? GroupsAt(ref here) : GroupsAt(known);
        return _words.At(text, at) | (groups == Vector128<ulong>.Zero ? 0 : At(groups, text, at));
    }

    private static int KindOf(byte first) => AsciiByte.IsDigit(first) ? 1 : 0;

    private static (OpeningSets Sets, ulong Detectors)[][] Group(IEnumerable<(OpeningSets Sets, ulong Detectors)> openings, bool isDigit)
    {
        var ofKind = openings.Where(o => Enumerable.Range(0, 256).Any(value => AsciiByte.IsDigit(value) == isDigit && o.Sets.Takes(0, value))).ToArray();
        var size = Math.Max(Groups, ofKind.Length);
        return [.. ofKind.Select((opening, i) => (opening, i)).GroupBy(o => o.i * Groups / size, static o => o.opening).Select(static group => group.ToArray())];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<ulong> GroupsAt(ref byte here)
    {
        ref var places = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_places), (nint)(KindOf(here) * Rows));
        return Unsafe.Add(ref places, (nint)here)
            & Unsafe.Add(ref places, (1 << 8) + (nint)Unsafe.Add(ref here, 1)) & Unsafe.Add(ref places, (2 << 8) + (nint)Unsafe.Add(ref here, 2))
            & Unsafe.Add(ref places, (3 << 8) + (nint)Unsafe.Add(ref here, 3)) & Unsafe.Add(ref places, (4 << 8) + (nint)Unsafe.Add(ref here, 4))
            & Unsafe.Add(ref places, (5 << 8) + (nint)Unsafe.Add(ref here, 5)) & Unsafe.Add(ref places, (6 << 8) + (nint)Unsafe.Add(ref here, 6))
            & Unsafe.Add(ref places, (7 << 8) + (nint)Unsafe.Add(ref here, 7));
    }

    private Vector128<ulong> GroupsAt(ReadOnlySpan<byte> known)
    {
        var groups = Vector128<ulong>.AllBitsSet;
        for (var place = 0; place < known.Length; place++)
        {
            groups &= _places[(KindOf(known[0]) * Rows) + (place << 8) + known[place]];
        }

        return groups;
    }

    private ulong At(Vector128<ulong> groups, ReadOnlySpan<byte> text, int at)
    {
        var detectors = 0UL;
        var members = _members[KindOf(text[at])];
        for (var half = 0; half < 2; half++)
        {
            for (var left = groups[half]; left != 0; left &= left - 1)
            {
                detectors |= OpeningWords.Fitting(members[(half * 64) + BitOperations.TrailingZeroCount(left)], text, at);
            }
        }

        return detectors;
    }
}
