using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Http.Json.Locating;

/// <summary>A block in four vectors.</summary>
internal readonly struct Block128(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) : IByteBlock<Block128>
{
    private readonly Vector128<byte> _a = a;
    private readonly Vector128<byte> _b = b;
    private readonly Vector128<byte> _c = c;
    private readonly Vector128<byte> _d = d;

    public static Block128 Load(ref byte first) => new(
        Vector128.LoadUnsafe(ref first),
        Vector128.LoadUnsafe(ref first, 16),
        Vector128.LoadUnsafe(ref first, 32),
        Vector128.LoadUnsafe(ref first, 48));

    public ulong Equal(byte value)
    {
        var wanted = Vector128.Create(value);
        return Bits(Vector128.Equals(_a, wanted), Vector128.Equals(_b, wanted), Vector128.Equals(_c, wanted), Vector128.Equals(_d, wanted));
    }

    public ulong Escapable() => EscapeCheck.EscapableOf(this);

    public bool HasAtLeast(byte value) => AtLeast(value) != 0;

    public bool HasPair(byte even) => (Equal(even) | Equal((byte)(even | 1))) != 0;

    public ulong InTable(Vector128<byte> table, byte bits)
    {
        var set = Vector128.Create(bits);
        return Bits(Found(table, _a | set), Found(table, _b | set), Found(table, _c | set), Found(table, _d | set));
    }

    public ulong AtMost(byte value)
    {
        var bound = Vector128.Create(value);
        return Bits(AtMost(_a, bound), AtMost(_b, bound), AtMost(_c, bound), AtMost(_d, bound));
    }

    public ulong AtLeast(byte value)
    {
        var bound = Vector128.Create(value);
        return Bits(AtLeast(_a, bound), AtLeast(_b, bound), AtLeast(_c, bound), AtLeast(_d, bound));
    }

    private static Vector128<byte> Found(Vector128<byte> table, Vector128<byte> bytes) =>
        Vector128.Equals(Vector128.ShuffleNative(table, bytes & Vector128.Create((byte)0x0F)), bytes);

    private static Vector128<byte> AtMost(Vector128<byte> bytes, Vector128<byte> bound) => Vector128.Equals(Vector128.Min(bytes, bound), bytes);

    private static Vector128<byte> AtLeast(Vector128<byte> bytes, Vector128<byte> bound) => Vector128.Equals(Vector128.Max(bytes, bound), bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) =>
        a.ExtractMostSignificantBits()
        | ((ulong)b.ExtractMostSignificantBits() << 16)
        | ((ulong)c.ExtractMostSignificantBits() << 32)
        | ((ulong)d.ExtractMostSignificantBits() << 48);
}
