using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>
/// Tells of 64 bytes outside ASCII at once at which of them an opening may begin, by the first four bytes as they are. Immutable.
/// </summary>
/// <remarks>
/// <see cref="WideOpeningTables"/> take all bytes outside ASCII for the same, so that to them every letter of Cyrillic and every kana may begin each of
/// the few words of other scripts that are looked for. Here those that share a first byte share one of eight bits.
/// </remarks>
internal sealed class ForeignOpenings
{
    private const int Places = 4;
    private const int Buckets = 8;

    // For each place a table of ASCII, then one of the rest.
    private readonly AlignedTables _tables;

    /// <param name="openings">All openings, also those that begin with a byte of ASCII.</param>
    public ForeignOpenings(IReadOnlyList<OpeningSets> openings)
    {
        byte[][] tables = [.. Enumerable.Range(0, 2 * Places).Select(static _ => new byte[AlignedTables.Size])];
        var bucket = 0;
        foreach (var alike in openings.Where(static sets => sets.Begins(IsForeign)).GroupBy(FirstOf).OrderBy(static group => group.Key))
        {
            foreach (var sets in alike)
            {
                Add(tables, sets, (byte)(1 << bucket));
            }

            bucket = (bucket + 1) % Buckets;
        }

        _tables = new AlignedTables(tables);
    }

    /// <summary>Whether an opening may begin, one bit for each byte outside ASCII; what it says of the others and of the last three counts for
    /// nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Begin(Vector512<byte> here)
    {
        ref var tables = ref _tables.First;
        var found = Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref tables, 2), here, Unsafe.Add(ref tables, 3))
            & Look(ref Unsafe.Add(ref tables, 4), Avx512Vbmi.PermuteVar64x8(here, WideOpeningTables.By1))
            & Look(ref Unsafe.Add(ref tables, 8), Avx512Vbmi.PermuteVar64x8(here, WideOpeningTables.By2))
            & Look(ref Unsafe.Add(ref tables, 12), Avx512Vbmi.PermuteVar64x8(here, WideOpeningTables.By3));
        return ~Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    private static Vector512<byte> Look(ref Vector512<byte> tables, Vector512<byte> bytes)
    {
        var ascii = Avx512Vbmi.PermuteVar64x8x2(tables, bytes, Unsafe.Add(ref tables, 1));
        var others = Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref tables, 2), bytes, Unsafe.Add(ref tables, 3));

        // What is outside ASCII is less than zero.
        return Vector512.ConditionalSelect(Vector512.LessThan(bytes.AsSByte(), Vector512<sbyte>.Zero).AsByte(), others, ascii);
    }

    private static void Add(byte[][] tables, OpeningSets sets, byte bit)
    {
        for (var place = 0; place < Places; place++)
        {
            for (var value = 0; value < 2 * AlignedTables.Size; value++)
            {
                tables[(2 * place) + (value / AlignedTables.Size)][value % AlignedTables.Size] |= sets.Takes(place, value) ? bit : (byte)0;
            }
        }
    }

    private static bool IsForeign(int value) => value >= AlignedTables.Size;

    private static int FirstOf(OpeningSets sets) =>
        Enumerable.Range(AlignedTables.Size, AlignedTables.Size).First(value => sets.Takes(0, value));
}
