using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells by their first bytes at which offsets one of some words may begin, letters in any case: by six where six can be only few, else by
/// four. Immutable.</summary>
internal sealed class OpeningPrefixes
{
    private const ulong AnyCase = 0x2020202020202020;
    private const int Short = 4;
    private const int Long = 6;

    // Words that begin with one of more are told otherwise.
    private const int MostShort = 1024;
    private const int MostLong = 64;

    private const int HashBits = 16;
    private const int Words = 1 << (HashBits - 6);

    // A bitmap of hashes of four bytes, and behind it one of six.
    private readonly ulong[] _bitmaps = new ulong[2 * Words];

    /// <param name="openings">Openings for which <see cref="Holds"/> says so. Of their first bytes letters count.</param>
    public OpeningPrefixes(IEnumerable<OpeningSets> openings)
    {
        foreach (var sets in openings)
        {
            var isLong = CountOf(sets, Long) <= MostLong;
            foreach (var prefix in PrefixesOf(sets, isLong ? Long : Short))
            {
                var hash = isLong ? HashLong(prefix) : HashShort(prefix);
                _bitmaps[(isLong ? Words : 0) + (hash >> 6)] |= 1UL << (int)hash;
            }
        }
    }

    /// <summary>Whether the first bytes of an opening can be few enough.</summary>
    public static bool Holds(OpeningSets sets) => CountOf(sets, Short) <= MostShort;

    /// <summary>Keeps of some offsets those at which a word may begin.</summary>
    /// <param name="from">Where they count from. After each offset all bytes follow that an opening looks at.</param>
    /// <param name="offsets">The first offset; those that are kept come first afterwards.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>How many are kept.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Keep(ref byte from, ref ushort offsets, int count)
    {
        ref var bitmaps = ref MemoryMarshal.GetArrayDataReference(_bitmaps);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var offset = Unsafe.Add(ref offsets, i);
            var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, (nint)offset)) | AnyCase;
            var (four, six) = (HashShort(bytes), HashLong(bytes));
            Unsafe.Add(ref offsets, kept) = offset;
            kept += (int)((Unsafe.Add(ref bitmaps, four >> 6) >> (int)four) | (Unsafe.Add(ref bitmaps, Words + (nint)(six >> 6)) >> (int)six)) & 1;
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashShort(ulong bytes) => (BitConverter.IsLittleEndian ? (uint)bytes : (uint)(bytes >> 32)) * 0x9E3779B1 >> (32 - HashBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashLong(ulong bytes) =>
        (uint)((BitConverter.IsLittleEndian ? bytes << 16 : bytes >> 16) * 0x9E3779B97F4A7C15 >> (64 - HashBits));

    private static int CountOf(OpeningSets sets, int places)
    {
        var count = 1L;
        for (var place = 0; place < places && count <= MostShort; place++)
        {
            count *= ValuesAt(sets, place).Count();
        }

        return (int)Math.Min(count, int.MaxValue);
    }

    // As they are read: the bytes behind them are nothing.
    private static IEnumerable<ulong> PrefixesOf(OpeningSets sets, int places)
    {
        IEnumerable<ulong> prefixes = [0];
        for (var place = 0; place < places; place++)
        {
            var shift = (BitConverter.IsLittleEndian ? place : sizeof(ulong) - 1 - place) * 8;
            int[] values = [.. ValuesAt(sets, place)];
            prefixes = prefixes.SelectMany(prefix => values.Select(value => prefix | ((ulong)value << shift)));
        }

        return prefixes;
    }

    private static IEnumerable<int> ValuesAt(OpeningSets sets, int place) => Enumerable.Range(0, 256)
        .Where(value => sets.Takes(place, value) && (place > 0 || AsciiByte.IsLetter(value))).Select(static value => value | 0x20).Distinct();
}
