using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>A block in two vectors.</summary>
internal readonly struct Block256(Vector256<byte> low, Vector256<byte> high) : IByteBlock<Block256>
{
    private readonly Vector256<byte> _low = low;
    private readonly Vector256<byte> _high = high;

    public Vector256<byte> Low => _low;

    public Vector256<byte> High => _high;

    public static Block256 Load(ref byte first) => new(Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(byte value)
    {
        var wanted = Vector256.Create(value);
        return Bits(Vector256.Equals(_low, wanted), Vector256.Equals(_high, wanted));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Escapable()
    {
        var (letters, b) = (Vector256.Create(EscapeCheck.Letters), Vector256.Create((byte)'b'));
        return Bits(
            Vector256.Equals(Look(letters, _low), _low) | Vector256.Equals(_low, b),
            Vector256.Equals(Look(letters, _high), _high) | Vector256.Equals(_high, b)) | Equal((byte)'"') | Equal((byte)'\\');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong InTable(Vector128<byte> table, byte bits)
    {
        var (low, high, tables) = (_low | Vector256.Create(bits), _high | Vector256.Create(bits), Vector256.Create(table));
        return Bits(Vector256.Equals(Look(tables, low), low), Vector256.Equals(Look(tables, high), high));
    }

    // Unsigned bytes have no comparison of their own before AVX-512, but a minimum and a maximum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AtMost(byte value)
    {
        var bound = Vector256.Create(value);
        return Bits(Vector256.Equals(Vector256.Min(_low, bound), _low), Vector256.Equals(Vector256.Min(_high, bound), _high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AtLeast(byte value)
    {
        if (value == 0x80)
        {
            return Bits(_low, _high);
        }

        var bound = Vector256.Create(value);
        return Bits(Vector256.Equals(Vector256.Max(_low, bound), _low), Vector256.Equals(Vector256.Max(_high, bound), _high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasAtLeast(byte value)
    {
        var most = Vector256.Max(_low, _high);
        return Vector256.Equals(Vector256.Max(most, Vector256.Create(value)), most).ExtractMostSignificantBits() != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasPair(byte even)
    {
        var (wanted, lowest) = (Vector256.Create((byte)(even | 1)), Vector256.Create((byte)1));
        return (Vector256.Equals(_low | lowest, wanted) | Vector256.Equals(_high | lowest, wanted)).ExtractMostSignificantBits() != 0;
    }

    // The instruction looks at the low half by itself and leaves out bytes from 0x80 on, which are in no table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Look(Vector256<byte> tables, Vector256<byte> bytes) =>
        Avx2.IsSupported ? Avx2.Shuffle(tables, bytes) : Vector256.ShuffleNative(tables, bytes & Vector256.Create((byte)0x0F));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << Vector256<byte>.Count);
}
