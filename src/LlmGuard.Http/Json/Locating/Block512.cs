using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>A block in one vector.</summary>
internal readonly struct Block512(Vector512<byte> bytes) : IByteBlock<Block512>
{
    private readonly Vector512<byte> _bytes = bytes;

    // Every byte below 0x80 that a backslash may stand before, in its own place; elsewhere what no such byte is.
    private static Vector512<byte> EscapableLow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            0x8080_8080_8080_8080UL,
            0x8080_8080_8080_8080,
            0x8080_8080_8080_8080,
            0x8080_8080_8080_8080,
            0x8080_8080_8022_8080,
            0x2F80_8080_8080_8080,
            0x8080_8080_8080_8080,
            0x8080_8080_8080_8080).AsByte();
    }

    private static Vector512<byte> EscapableHigh
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            0x8080_8080_8080_8080UL,
            0x8080_8080_8080_8080,
            0x8080_8080_8080_8080,
            0x8080_805C_8080_8080,
            0x8066_8080_8062_8080,
            0x806E_8080_8080_8080,
            0x8080_8074_8072_8080,
            0x8080_8080_8080_8080).AsByte();
    }

    public static Block512 Load(ref byte first) => new(Vector512.LoadUnsafe(ref first));

    // The last bytes of the text, moved to the front of the block: no way through memory, where a load would wait for the small stores before it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Block512 LoadEnd(ReadOnlySpan<byte> text, int at)
    {
        if (!Avx512Vbmi.IsSupported || text.Length < IByteBlock<Block512>.Size)
        {
            return IByteBlock<Block512>.Padded(text, at);
        }

        var left = Vector512.Create((byte)(text.Length - at));
        var last = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)(text.Length - IByteBlock<Block512>.Size));
        var moved = Avx512Vbmi.PermuteVar64x8(last, Vector512<byte>.Indices + Vector512.Create((byte)IByteBlock<Block512>.Size) - left);
        return new(Vector512.ConditionalSelect(Vector512.LessThan(Vector512<byte>.Indices, left), moved, Vector512.Create((byte)' ')));
    }

    public ulong Equal(byte value) => Vector512.Equals(_bytes, Vector512.Create(value)).ExtractMostSignificantBits();

    public ulong Escapable() => Avx512Vbmi.IsSupported
        ? Vector512.Equals(Avx512Vbmi.PermuteVar64x8x2(EscapableLow, _bytes, EscapableHigh), _bytes).ExtractMostSignificantBits()
        : EscapeCheck.EscapableOf(this);

    public bool HasAtLeast(byte value) => AtLeast(value) != 0;

    public bool HasPair(byte even) => (Equal(even) | Equal((byte)(even | 1))) != 0;

    public ulong InTable(Vector128<byte> table, byte bits)
    {
        var bytes = _bytes | Vector512.Create(bits);

        // The instruction looks at the low half by itself and leaves out bytes from 0x80 on, which are in no table.
        var found = Avx512BW.IsSupported
            ? Avx512BW.Shuffle(Repeat(table), bytes)
            : Vector512.ShuffleNative(Vector512.Create(table), bytes & Vector512.Create((byte)0x0F));
        return Vector512.Equals(found, bytes).ExtractMostSignificantBits();
    }

    public ulong AtMost(byte value) => Vector512.LessThanOrEqual(_bytes, Vector512.Create(value)).ExtractMostSignificantBits();

    public ulong AtLeast(byte value) => Vector512.GreaterThanOrEqual(_bytes, Vector512.Create(value)).ExtractMostSignificantBits();

    // What Vector512.Create says too, but takes two trips through memory to do.
    private static Vector512<byte> Repeat(Vector128<byte> table)
    {
        var first = table.ToVector256Unsafe().ToVector512Unsafe().AsUInt64();
        return Avx512F.Shuffle4x128(first, first, 0).AsByte();
    }
}
