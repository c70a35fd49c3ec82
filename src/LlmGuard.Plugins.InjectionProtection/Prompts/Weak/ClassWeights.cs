using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Weak;

/// <summary>Adds up the weights of sets of classes, 32 classes at a time: how many there are is nothing that a processor could foresee.</summary>
internal static class ClassWeights
{
    /// <summary>How many weights a table has.</summary>
    public const int Classes = 64;

    private static Vector256<byte> ByteOfBit => Vector256.Create(
        (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);

    private static Vector256<byte> Bit => Vector256.Create(0x8040201008040201UL).AsByte();

    /// <summary>Numbers that come to the weights of some classes, to be added up with those of others before they are put together.</summary>
    /// <param name="classes">One bit for each of the classes.</param>
    /// <param name="weights">The weight of each class there is; all that are added up must come to what sixteen bits hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Of(ulong classes, ReadOnlySpan<sbyte> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, Classes);
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            ref var first = ref MemoryMarshal.GetReference(weights);
            return Half((uint)classes, ref first) + Half((uint)(classes >> 32), ref Unsafe.Add(ref first, Vector256<sbyte>.Count));
        }

        return Vector256.CreateScalar(Sum(classes, weights));
    }

    private static short Sum(ulong classes, ReadOnlySpan<sbyte> weights)
    {
        var sum = 0;
        for (; classes != 0; classes &= classes - 1)
        {
            sum += weights[BitOperations.TrailingZeroCount(classes)];
        }

        return (short)sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Half(uint classes, ref sbyte weights)
    {
        // Both halves of the vector have all four bytes.
        var some = Avx2.Shuffle(Vector256.Create(classes).AsByte(), ByteOfBit) & Bit;
        var chosen = Vector256.Equals(some, Bit).AsSByte() & Vector256.LoadUnsafe(ref weights);
        return Avx2.MultiplyAddAdjacent(Vector256.Create((byte)1), chosen);
    }
}
