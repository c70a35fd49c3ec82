using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Loads what is left of a text where that is less than a vector, and reads nothing behind it.</summary>
/// <remarks>
/// A copy with other bytes behind it would do as well, but a wide load waits until the narrow stores before it have reached the cache, which takes
/// longer than all that is then asked of the bytes.
/// </remarks>
internal static class PartialLoad
{
    private static readonly Vector512<byte> Places = Vector512.Create([.. Enumerable.Range(0, 64).Select(static i => (byte)i)]);

    /// <summary>Whether the machine has what is needed, and it may be used.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512BW.IsSupported && Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512;
    }

    /// <summary>Loads the first bytes of a text.</summary>
    /// <param name="text">The text; bytes from the 65th on are not looked at.</param>
    /// <param name="behind">What stands in the lanes for which there is no byte.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<byte> First(ReadOnlySpan<byte> text, Vector512<byte> behind)
    {
        var known = Vector512.LessThan(Places, Vector512.Create((byte)Math.Min(text.Length, Vector512<byte>.Count)));
        fixed (byte* first = text)
        {
            return Avx512BW.MaskLoad(first, known, behind);
        }
    }
}
