using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells of 64 offsets at once at which ones the first four bytes may be those of one of some words, or a short word and its end. Says "perhaps" too
/// often and "no" never wrongly; where there are no vectors, always "perhaps". Immutable.
/// </summary>
internal sealed class WordHeads
{
    private const int Rounds = 3;

    private readonly NibbleTables _tables;
    private readonly NibbleTables _more;

    /// <param name="words">The words, of ASCII letters and digits.</param>
    public WordHeads(IEnumerable<string> words)
    {
        (byte[][] Sets, ByteHalves Halves)[] all =
            [.. words.Select(SetsOf).Select(sets => (sets, HalvesOf(sets))).OrderByDescending(w => w.Item2.Frequency)];
        List<(byte[][] Sets, ByteHalves Halves)>[] buckets = [.. Enumerable.Range(0, 2 * NibbleTables.Buckets).Select(_ => new List<(byte[][], ByteHalves)>())];
        for (var round = 0; round < Rounds; round++)
        {
            // In later rounds each is taken out and goes where it adds least now: the last ones found only the places that were left.
            foreach (var word in all)
            {
                _ = Array.Exists(buckets, b => b.Remove(word));
                buckets.MinBy(b => Join(b).With(word.Halves).Frequency - Join(b).Frequency)!.Add(word);
            }
        }

        (_tables, _more) = (TablesOf(buckets[..NibbleTables.Buckets]), TablesOf(buckets[NibbleTables.Buckets..]));
    }

    /// <summary>One bit for each of 64 offsets; three more bytes are loaded.</summary>
    /// <param name="here">The first of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Judge(ref byte here)
    {
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            return Judge256(ref here) | ((ulong)Judge256(ref Unsafe.Add(ref here, Vector256<byte>.Count)) << Vector256<byte>.Count);
        }

        if (!Vector128.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits128)
        {
            return ulong.MaxValue;
        }

        var perhaps = 0UL;
        for (var at = 0; at < 64; at += Vector128<byte>.Count)
        {
            ref var some = ref Unsafe.Add(ref here, at);
            var found = _tables.Judge128(ref some) | _more.Judge128(ref some);
            perhaps |= (ulong)(~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) << at;
        }

        return perhaps;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Judge256(ref byte here) =>
        ~Vector256.Equals(_tables.Judge256(ref here) | _more.Judge256(ref here), Vector256<byte>.Zero).ExtractMostSignificantBits();

    // For each place the bytes that may stand there: of the word, then any that ends it, then whatever follows.
    private static byte[][] SetsOf(string word)
    {
        byte[][] sets = [.. Enumerable.Range(0, NibbleTables.Places).Select(_ => new byte[256])];
        for (var place = 0; place < NibbleTables.Places; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                var isTaken = place < word.Length ? char.ToLowerInvariant((char)value) == char.ToLowerInvariant(word[place]) && value < 0x80
                    : place > word.Length || !char.IsAsciiLetterOrDigit((char)value);
                sets[place][value] = isTaken ? (byte)1 : (byte)0;
            }
        }

        return sets;
    }

    private static ByteHalves HalvesOf(byte[][] sets)
    {
        var (lower, upper) = (0UL, 0UL);
        for (var place = 0; place < NibbleTables.Places; place++)
        {
            foreach (var value in Enumerable.Range(0, 256).Where(v => sets[place][v] != 0))
            {
                lower |= 1UL << ((place * 16) + (value & 0xF));
                upper |= 1UL << ((place * 16) + (value >> 4));
            }
        }

        return new ByteHalves(lower, upper);
    }

    private static ByteHalves Join(List<(byte[][] Sets, ByteHalves Halves)> bucket) =>
        bucket.Aggregate(default(ByteHalves), static (joined, word) => joined.With(word.Halves));

    private static NibbleTables TablesOf(List<(byte[][] Sets, ByteHalves Halves)>[] buckets)
    {
        byte[][] joined = [.. Enumerable.Range(0, NibbleTables.Places).Select(_ => new byte[256])];
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            foreach (var (sets, _) in buckets[bucket])
            {
                for (var at = 0; at < NibbleTables.Places * 256; at++)
                {
                    joined[at >> 8][at & 0xFF] |= (byte)(sets[at >> 8][at & 0xFF] << bucket);
                }
            }
        }

        return new NibbleTables(joined);
    }
}
