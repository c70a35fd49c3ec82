using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Makes offsets of bits, without a branch that depends on how many there are.</summary>
internal static class OffsetBits
{
    /// <summary>How many may be written behind the last one, meant or not.</summary>
    public const int Slack = 64;

    // Written at once one by one; seldom are there more.
    private const int Few = 4;

    private static readonly Vector512<byte> Places = Vector512.Create([.. Enumerable.Range(0, 64).Select(static i => (byte)i)]);

    // For each place the byte of the bits it is told by, and the bit.
    private static readonly Vector512<byte> Bytes = Vector512.Create([.. Enumerable.Range(0, 64).Select(static i => (byte)(i / 8))]);

    private static readonly Vector512<byte> Bits = Vector512.Create([.. Enumerable.Range(0, 64).Select(static i => (byte)(1 << (i % 8)))]);

    /// <summary>Writes the offsets of all bits.</summary>
    /// <param name="bits">The bits, 64 each.</param>
    /// <param name="stride">How many offsets apart the first bits of two of these are.</param>
    /// <param name="offsets">Receives the offsets, with room for <see cref="Slack"/> more.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(ReadOnlySpan<ulong> bits, int stride, ref ushort offsets)
    {
        var count = 0;
        if (Avx512Vbmi2.IsSupported && Simd.Level >= SimdLevel.Bits512)
        {
            for (var i = 0; i < bits.Length; i++)
            {
                var all = Avx512BW.Shuffle(Vector512.Create(bits[i]).AsByte(), Bytes);
                var places = Avx512Vbmi2.Compress(Vector512<byte>.Zero, ~Vector512.Equals(all & Bits, Vector512<byte>.Zero), Places);
                var first = Vector512.Create((ushort)(i * stride));
                (Vector512.WidenLower(places) + first).StoreUnsafe(ref offsets, (nuint)count);
                var found = BitOperations.PopCount(bits[i]);
                if (found > 32)
                {
                    (Vector512.WidenUpper(places) + first).StoreUnsafe(ref offsets, (nuint)count + 32);
                }

                count += found;
            }

            return count;
        }

        for (var i = 0; i < bits.Length; i++)
        {
            var left = bits[i];
            var after = count + BitOperations.PopCount(left);
            do
            {
                for (var j = 0; j < Few; j++)
                {
                    Unsafe.Add(ref offsets, count + j) = (ushort)((i * stride) + BitOperations.TrailingZeroCount(left));
                    left &= left - 1;
                }

                count += Few;
            }
            while (count < after);

            count = after;
        }

        return count;
    }
}
