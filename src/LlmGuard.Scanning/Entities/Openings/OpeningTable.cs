using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells for one offset which detectors have an opening that fits what stands there. Immutable.</summary>
/// <remarks>
/// Most openings begin with a certain word (<see cref="OpeningWords"/>). The others, that begin with classes of characters, share a bit with others
/// that take about the same: a table for each place, and one for the byte before, tells by a byte in which of them it may stand there. Mostly the
/// tables agree on none; those they agree on are looked at one by one. What begins with a digit has tables of its own.
/// </remarks>
internal sealed class OpeningTable
{
    // One bit each. More would tell openings apart better, but their tables would not stay in the nearest cache.
    private const int Groups = 64;

    // More than there are bytes: rows of the same byte at all places would fall into the same few lines of the cache.
    private const int PlaceRows = 264;
    private const int Before = Opening.Length * PlaceRows;
    private const int Rows = Before + PlaceRows;

    /// <summary>Stands for what is outside of a text: no byte of UTF-8.</summary>
    public const byte NoByte = 0xFF;

    private static readonly UInt128 Digits = new UInt128(0, 0x03FF_0000_0000_0000);

    private readonly OpeningWords _words;

    // First for what does not begin with a digit, then for what does.
    private readonly ulong[] _places = new ulong[2 * Rows];
    private readonly OpeningMembers[][] _members;
    private readonly ByteClasses _classes;

    // For what is known only by its first byte: every sign that an event of an answer ends with is asked about.
    private readonly (OpeningSets Sets, ulong Detectors)[][] _byFirst;

    /// <param name="openings">Distinct openings, those that begin alike side by side, and the detectors they are of, one bit each.</param>
    public OpeningTable(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        var isWord = openings.ToLookup(static o => OpeningWords.IsOne(o.Sets));
        _words = new OpeningWords([.. isWord[true]]);
        (OpeningSets Sets, ulong Detectors)[][][] groups = [Group(isWord[false], isDigit: false), Group(isWord[false], isDigit: true)];
        _classes = new ByteClasses([.. isWord[false].Select(static o => o.Sets)]);
        _members = [.. groups.Select(ofKind => ofKind.Select(group => new OpeningMembers(group, _classes)).ToArray())];
        _byFirst = [.. Enumerable.Range(0, 256).Select(value => ByBefore(openings.Where(opening => opening.Sets.Takes(0, value))))];
        for (var kind = 0; kind < groups.Length; kind++)
        {
            for (var group = 0; group < groups[kind].Length; group++)
            {
                var bit = 1UL << group;
                foreach (var (sets, _) in groups[kind][group])
                {
                    for (var row = 0; row < Rows; row++)
                    {
                        var (place, value) = Math.DivRem(row, PlaceRows);
                        _places[(kind * Rows) + row] |= value <= OpeningSets.Outside
                            && (sets.Takes(place, value) || (value == NoByte && sets.Takes(place, OpeningSets.Outside))) ? bit : 0;
                    }
                }
            }
        }
    }

    /// <summary>Keeps of some offsets those at which an opening may stand. Keeps too many and drops none wrongly.</summary>
    /// <param name="text">The text.</param>
    /// <param name="begin">Where the offsets count from, at least 1. After each offset all bytes follow that an opening looks at.</param>
    /// <param name="offsets">The offsets; those that are kept come first afterwards.</param>
    /// <returns>How many are kept.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Keep(ReadOnlySpan<byte> text, int begin, Span<ushort> offsets)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), begin);
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        ref var words = ref _words.Tables;
        ref var first = ref MemoryMarshal.GetReference(offsets);
        var kept = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            var offset = Unsafe.Add(ref first, i);
            Unsafe.Add(ref first, kept) = offset;
            ref var here = ref Unsafe.Add(ref from, offset);
            kept += Unsafe.BitCast<bool, byte>((GroupsAt(ref places, ref here) | OpeningWords.GroupsAt(ref words, ref here)) != 0);
        }

        return kept;
    }

    /// <summary>The same of one offset, at least 1.</summary>
    public bool MayStand(ReadOnlySpan<byte> text, int at)
    {
        ref var here = ref MemoryMarshal.GetReference(text.Slice(at, Opening.Length));
        return (GroupsAt(ref MemoryMarshal.GetArrayDataReference(_places), ref here) | OpeningWords.GroupsAt(ref _words.Tables, ref here)) != 0;
    }

    /// <summary>The same near the end of what is known of a text that goes on: bytes that are not known yet fit all.</summary>
    public bool MayStandAtEnd(ReadOnlySpan<byte> text, int at)
    {
        var known = text.Length - at;
        if (known < 2 || text.Length < Opening.Length)
        {
            return true;
        }

        // Without a branch by how many there are: words of any length end in front of what is not known.
        var here = BinaryPrimitives.ReadUInt64LittleEndian(text[^Opening.Length..]) >> (8 * (Opening.Length - known));
        var words = known < OpeningWords.Length ? _words.HasPair(here) : OpeningWords.GroupsAt(ref _words.Tables, here, known) != 0;
        return words || GroupsAt(ref MemoryMarshal.GetArrayDataReference(_places), text[at - 1], here, known) != 0;
    }

    /// <summary>All bits where a byte at a place is not known, of so many that are; none where it is.</summary>
    public static ulong Unknown(int known, int place) => (ulong)((long)(known - 1 - place) >> 63);

    /// <summary>Most bytes of a text that <see cref="Pad"/> takes.</summary>
    public const int LongestPadded = PaddedRoom - 1 - Opening.Length;

    /// <summary>Bytes that such a text takes with what stands around it.</summary>
    public const int PaddedRoom = 64;

    /// <summary>Writes a short text with what stands around it, so that at each of its offsets all is there that an opening looks at.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="padded">Gets it from the second byte on; of <see cref="PaddedRoom"/> bytes.</param>
    public static void Pad(ReadOnlySpan<byte> text, Span<byte> padded)
    {
        padded.Fill(NoByte);
        text.CopyTo(padded[1..]);
    }

    /// <summary>Whether a detector may have to be asked at an offset of a whole text.</summary>
    /// <param name="padded">The text, see <see cref="Pad"/>.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="at">The offset.</param>
    public bool MayStandInRow(ReadOnlySpan<byte> padded, int length, int at) => length - at < OpeningWords.Length || MayStand(padded, at + 1);

    /// <summary>The detectors that have an opening at an offset, one bit each. Bytes that are not known yet fit all; those after the end are
    /// none.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="isEnd">Whether it ends there.</param>
    /// <param name="at">The offset.</param>
    /// <param name="wanted">The detectors that are asked about.</param>
    /// <param name="steps">Is raised by the openings that are looked at, however many at once.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong At(ReadOnlySpan<byte> text, bool isEnd, int at, ulong wanted, ref long steps)
    {
        OpeningCondition? refused = null;
        if (at == text.Length - 1 && !isEnd)
        {
            var known = _byFirst[text[at]];
            steps += known.Length;
            return OpeningWords.Fitting(known, text, isEnd, at, wanted, ref refused);
        }

        var detectors = _words.At(text, isEnd, at, wanted, ref refused);
        var members = _members[KindOf(text[at])];
        if (at == 0 || at > text.Length - Opening.Length)
        {
            return detectors | AtEdge(members, text, isEnd, at, wanted & ~detectors, ref refused, ref steps);
        }

        ref var here = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at);
        var groups = GroupsAt(ref MemoryMarshal.GetArrayDataReference(_places), ref here);
        steps += 1 + BitOperations.PopCount(groups);

        // Found when a group first needs them: most numbers in prose fit one opening that is alone in its group.
        Unsafe.SkipInit(out OpeningMembers.Rows rows);
        var areFound = false;
        for (; groups != 0; groups &= groups - 1)
        {
            var group = members[BitOperations.TrailingZeroCount(groups)];
            if ((group.Detectors & wanted & ~detectors) != 0)
            {
                if (!areFound && group.NeedsRows)
                {
                    rows.Find(_classes, ref here);
                    areFound = true;
                }

                detectors |= group.At(text, at, rows, wanted & ~detectors, ref refused, ref steps);
            }
        }

        return detectors;
    }

    private ulong AtEdge(
        OpeningMembers[] members, ReadOnlySpan<byte> text, bool isEnd, int at, ulong wanted, ref OpeningCondition? refused, ref long steps)
    {
        var detectors = 0UL;
        Unsafe.SkipInit(out OpeningMembers.Rows rows);
        var areFound = false;
        for (var known = KnownGroupsAt(text, isEnd, at); known != 0; known &= known - 1)
        {
            var group = members[BitOperations.TrailingZeroCount(known)];
            if ((group.Detectors & wanted & ~detectors) == 0)
            {
                continue;
            }

            if (!group.NeedsRows)
            {
                detectors |= group.AtEdge(text, isEnd, at, wanted & ~detectors, ref refused, ref steps);
                continue;
            }

            if (!areFound)
            {
                rows.Find(_classes, text, isEnd, at);
                areFound = true;
            }

            detectors |= group.At(text, at, rows, wanted & ~detectors, ref refused, ref steps);
        }

        return detectors;
    }

    // Without a branch, which would be guessed wrongly where words and numbers take turns.
    private static int KindOf(byte first) => Unsafe.BitCast<bool, byte>(AsciiByte.IsDigit(first));

    private static (OpeningSets Sets, ulong Detectors)[][] Group(IEnumerable<(OpeningSets Sets, ulong Detectors)> openings, bool isDigit)
    {
        var digits = isDigit ? Digits : ~Digits;
        (OpeningSets Sets, ulong Detectors)[] ofKind = [.. openings.Where(o => o.Sets.Begins(isDigit))];
        return OpeningGroups.Of(ofKind, Groups, sets => [sets.AsciiAt(0) & digits, .. sets.AsciiFrom(1), sets.AsciiAt(Opening.Length)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong GroupsAt(ref ulong all, ref byte here)
    {
        ref var places = ref Unsafe.Add(ref all, (nint)(KindOf(here) * Rows));
        return Unsafe.Add(ref places, Before + (nint)Unsafe.Subtract(ref here, 1)) & Unsafe.Add(ref places, (nint)here)
            & Unsafe.Add(ref places, PlaceRows + (nint)Unsafe.Add(ref here, 1)) & Unsafe.Add(ref places,
                (2 * PlaceRows) + (nint)Unsafe.Add(ref here, 2))
            & Unsafe.Add(ref places, (3 * PlaceRows) + (nint)Unsafe.Add(ref here, 3)) & Unsafe.Add(ref places,
                (4 * PlaceRows) + (nint)Unsafe.Add(ref here, 4))
            & Unsafe.Add(ref places, (5 * PlaceRows) + (nint)Unsafe.Add(ref here, 5)) & Unsafe.Add(ref places,
                (6 * PlaceRows) + (nint)Unsafe.Add(ref here, 6))
            & Unsafe.Add(ref places, (7 * PlaceRows) + (nint)Unsafe.Add(ref here, 7));
    }

    // The same of two bytes and more that are at hand, the lowest first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong GroupsAt(ref ulong all, byte before, ulong here, int known)
    {
        ref var places = ref Unsafe.Add(ref all, (nint)(KindOf((byte)here) * Rows));
        return Unsafe.Add(ref places, Before + (nint)before) & Unsafe.Add(ref places, (nint)(byte)here)
            & Unsafe.Add(ref places, PlaceRows + (nint)(byte)(here >> 8))
            & (Unsafe.Add(ref places, (2 * PlaceRows) + (nint)(byte)(here >> 16)) | Unknown(known, 2))
            & (Unsafe.Add(ref places, (3 * PlaceRows) + (nint)(byte)(here >> 24)) | Unknown(known, 3))
            & (Unsafe.Add(ref places, (4 * PlaceRows) + (nint)(byte)(here >> 32)) | Unknown(known, 4))
            & (Unsafe.Add(ref places, (5 * PlaceRows) + (nint)(byte)(here >> 40)) | Unknown(known, 5))
            & (Unsafe.Add(ref places, (6 * PlaceRows) + (nint)(byte)(here >> 48)) | Unknown(known, 6))
            & (Unsafe.Add(ref places, (7 * PlaceRows) + (nint)(byte)(here >> 56)) | Unknown(known, 7));
    }

    // With one byte known they differ only by what stands before and what else must hold; what need not be asked comes first.
    private static (OpeningSets Sets, ulong Detectors)[] ByBefore(IEnumerable<(OpeningSets Sets, ulong Detectors)> openings) =>
    [
        .. openings.GroupBy(static opening => (opening.Sets.KeyOfBefore, opening.Sets.Condition))
            .Select(static group => (group.First().Sets, Detectors: group.Aggregate(0UL, static (all, opening) => all | opening.Detectors)))
            .GroupBy(static opening => opening.Sets.Condition).OrderBy(static group => group.Key is not null).SelectMany(static group => group),
    ];

    // At the start of a text, where nothing stands before, and at the end of what is known of it.
    private ulong KnownGroupsAt(ReadOnlySpan<byte> text, bool isEnd, int at)
    {
        var known = text[at..];
        var kind = KindOf(known[0]) * Rows;
        var groups = _places[kind + Before + (at > 0 ? text[at - 1] : OpeningSets.Outside)];
        for (var place = 0; groups != 0 && place < Opening.Length && (place < known.Length || isEnd); place++)
        {
            groups &= _places[kind + (place * PlaceRows) + (place < known.Length ? known[place] : OpeningSets.Outside)];
        }

        return groups;
    }
}
