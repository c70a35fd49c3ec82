using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>Writes out which bytes of a block were found.</summary>
internal static class PositionWriter
{
    // So many at a time, as stand between two messages, whether there are as many or not: no branch depends on their number until there are more.
    private const int Batch = 16;
    private const int Half = Batch / 2;

    /// <summary>Writes the positions of a block.</summary>
    /// <param name="position">Where the first one goes; there is room for 64, whatever is found; behind the last one stands nothing that
    /// means anything.</param>
    /// <param name="at">Where the block stands.</param>
    /// <param name="bits">What was found in it.</param>
    /// <returns>Where the next one goes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref int Write(ref int position, int at, ulong bits)
    {
        if (BitVectors.IsSupported)
        {
            Compress(ref position, at, bits);
        }
        else
        {
            Count(ref position, at, bits);
        }

        return ref Unsafe.Add(ref position, BitOperations.PopCount(bits));
    }

    /// <summary>One bit after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(ref int position, int at, ulong bits)
    {
        bits = CountHalf(ref position, at, bits);
        bits = CountHalf(ref Unsafe.Add(ref position, Half), at, bits);
        while (bits != 0)
        {
            position = ref Unsafe.Add(ref position, Batch);
            bits = CountHalf(ref position, at, bits);
            bits = CountHalf(ref Unsafe.Add(ref position, Half), at, bits);
        }
    }

    /// <summary>All bits at once: of the numbers 0 to 63 those whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compress(ref int position, int at, ulong bits)
    {
        var numbers = BitVectors.Compress(Vector512<byte>.Indices, bits);
        var start = Vector512.Create(at);
        (start + Avx512F.ConvertToVector512Int32(numbers.GetLower().GetLower())).StoreUnsafe(ref position);
        if (BitOperations.PopCount(bits) > Batch)
        {
            (start + Avx512F.ConvertToVector512Int32(numbers.GetLower().GetUpper())).StoreUnsafe(ref position, Batch);
            (start + Avx512F.ConvertToVector512Int32(numbers.GetUpper().GetLower())).StoreUnsafe(ref position, 2 * Batch);
            (start + Avx512F.ConvertToVector512Int32(numbers.GetUpper().GetUpper())).StoreUnsafe(ref position, 3 * Batch);
        }
    }

    private static ulong CountHalf(ref int position, int at, ulong bits)
    {
        position = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 1) = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 2) = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 3) = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 4) = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 5) = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 6) = at + BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        Unsafe.Add(ref position, 7) = at + BitOperations.TrailingZeroCount(bits);
        return bits & (bits - 1);
    }
}
