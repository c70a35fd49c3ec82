using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>A block in two vectors.</summary>
internal readonly struct Block256(Vector256<byte> low, Vector256<byte> high) : IByteBlock<Block256>
{
    private readonly Vector256<byte> _low = low;
    private readonly Vector256<byte> _high = high;

    public static Block256 Load(ref byte first) => new(Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, 32));

    public ulong Equal(byte value)
    {
        var wanted = Vector256.Create(value);
        return Bits(Vector256.Equals(_low, wanted), Vector256.Equals(_high, wanted));
    }

    public ulong Escapable() => EscapeCheck.EscapableOf(this);

    public ulong InTable(Vector128<byte> table, byte bits)
    {
        var (low, high, tables) = (_low | Vector256.Create(bits), _high | Vector256.Create(bits), Vector256.Create(table));
        return Bits(Vector256.Equals(Look(tables, low), low), Vector256.Equals(Look(tables, high), high));
    }

    // Unsigned bytes have no comparison of their own before AVX-512, but a minimum and a maximum.
    public ulong AtMost(byte value)
    {
        var bound = Vector256.Create(value);
        return Bits(Vector256.Equals(Vector256.Min(_low, bound), _low), Vector256.Equals(Vector256.Min(_high, bound), _high));
    }

    public ulong AtLeast(byte value)
    {
        var bound = Vector256.Create(value);
        return Bits(Vector256.Equals(Vector256.Max(_low, bound), _low), Vector256.Equals(Vector256.Max(_high, bound), _high));
    }

    // The instruction looks at the low half by itself and leaves out bytes from 0x80 on, which are in no table.
    private static Vector256<byte> Look(Vector256<byte> tables, Vector256<byte> bytes) =>
        Avx2.IsSupported ? Avx2.Shuffle(tables, bytes) : Vector256.ShuffleNative(tables, bytes & Vector256.Create((byte)0x0F));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << Vector256<byte>.Count);
}
