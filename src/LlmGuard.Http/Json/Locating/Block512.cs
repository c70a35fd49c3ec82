using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>A block in one vector.</summary>
internal readonly struct Block512(Vector512<byte> bytes) : IByteBlock<Block512>
{
    private readonly Vector512<byte> _bytes = bytes;

    public static Block512 Load(ref byte first) => new(Vector512.LoadUnsafe(ref first));

    public ulong Equal(byte value) => Vector512.Equals(_bytes, Vector512.Create(value)).ExtractMostSignificantBits();

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
