using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 64 bytes at once where one of some words may begin, letters in any case. Says "perhaps" too often and "no" never wrongly.
/// Immutable.</summary>
/// <remarks>
/// Words before a number or a sign are looked for everywhere and hardly ever found. Looking at one after the other takes longer than it should
/// because their count is guessed wrongly. As in <see cref="WideOpeningTables"/> words are in buckets, of which three pairs of bytes are looked at.
/// </remarks>
internal sealed class WordHints
{
    private const int Buckets = 8;

    // More words than that in a bucket are like too many others.
    private const int MostInBucket = 24;

    private readonly Vector512<byte>[] _tables;
    private readonly Lazy<NarrowWordHints> _narrow;

    /// <param name="words">The words, in lower case. What follows them may be anything.</param>
    public WordHints(IEnumerable<string> words)
    {
        byte[][] ordered = [.. words.Distinct().Order(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        var sets = Math.Max(1, (ordered.Length + (Buckets * MostInBucket) - 1) / (Buckets * MostInBucket));
        _tables = new Vector512<byte>[sets * PairCodes.Pairs * 2];
        var tables = new byte[sets * PairCodes.Pairs][];
        for (var table = 0; table < tables.Length; table++)
        {
            tables[table] = new byte[PairCodes.Count];
        }

        // Neighbours begin alike.
        for (var number = 0; number < ordered.Length; number++)
        {
            var bucket = number * sets * Buckets / ordered.Length;
            for (var pair = 0; pair < PairCodes.Pairs; pair++)
            {
                Add(tables[(bucket / Buckets * PairCodes.Pairs) + pair],
                    ordered[number].AsSpan(Math.Min(2 * pair, ordered[number].Length)), (byte)(1 << (bucket % Buckets)));
            }
        }

        _narrow = new Lazy<NarrowWordHints>(() => new NarrowWordHints(tables), LazyThreadSafetyMode.PublicationOnly);
        for (var table = 0; table < tables.Length; table++)
        {
            (_tables[2 * table], _tables[(2 * table) + 1]) =
                (Vector512.Create<byte>(tables[table].AsSpan(0, 64)), Vector512.Create<byte>(tables[table].AsSpan(64, 64)));
        }
    }

    /// <summary>At which of some offsets a word may begin that is in 64 bytes as a whole, one bit for each byte.</summary>
    /// <param name="first">The first of the bytes.</param>
    /// <param name="starts">The offsets that are asked about.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong In(ref byte first, ulong starts) =>
        WideOpeningTables.IsSupported ? starts & InAll(Vector512.LoadUnsafe(ref first)) : _narrow.Value.In(ref first, starts);

    /// <summary>The same for all offsets, where they can be told at once; else every one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AtOnce(ref byte first) => WideOpeningTables.IsSupported ? InAll(Vector512.LoadUnsafe(ref first)) : ulong.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong InAll(Vector512<byte> bytes)
    {
        var first = PairCodes.Of(bytes);
        var (second, third) = (Avx512Vbmi.PermuteVar64x8(first, WideOpeningTables.By2), Avx512Vbmi.PermuteVar64x8(first, WideOpeningTables.By4));
        var found = Vector512<byte>.Zero;
        for (var at = 0; at < _tables.Length; at += 2 * PairCodes.Pairs)
        {
            ref var tables = ref _tables[at];
            found |= Avx512Vbmi.PermuteVar64x8x2(tables, first, Unsafe.Add(ref tables, 1))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref tables, 2), second, Unsafe.Add(ref tables, 3))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref tables, 4), third, Unsafe.Add(ref tables, 5));
        }

        return ~Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    // What follows a word may be anything, and what is not among the bytes may have any hash: lanes behind the last hold what nobody wrote.
    private static void Add(byte[] table, ReadOnlySpan<byte> rest, byte bit)
    {
        if (rest.Length >= 2)
        {
            table[PairCodes.Of(rest[0], rest[1])] |= bit;
            return;
        }

        for (var value = 0; value < PairCodes.Count; value++)
        {
            table[rest.Length == 1 ? PairCodes.Of(rest[0], value) : value] |= bit;
        }
    }
}
