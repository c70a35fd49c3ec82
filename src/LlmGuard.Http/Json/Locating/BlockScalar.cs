using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Http.Json.Locating;

/// <summary>A block byte by byte, for machines without vectors; also what the others are compared with.</summary>
internal readonly struct BlockScalar : IByteBlock<BlockScalar>
{
    private readonly Bytes _bytes;

    private BlockScalar(ref byte first) => MemoryMarshal.CreateReadOnlySpan(ref first, IByteBlock<BlockScalar>.Size).CopyTo(_bytes);

    public static BlockScalar Load(ref byte first) => new(ref first);

    public ulong Equal(byte value)
    {
        var bits = 0UL;
        for (var i = 0; i < IByteBlock<BlockScalar>.Size; i++)
        {
            bits |= (_bytes[i] == value ? 1UL : 0) << i;
        }

        return bits;
    }

    public ulong Escapable() => EscapeCheck.EscapableOf(this);

    public bool HasAtLeast(byte value) => AtLeast(value) != 0;

    public bool HasPair(byte even) => (Equal(even) | Equal((byte)(even | 1))) != 0;

    public ulong InTable(Vector128<byte> table, byte bits)
    {
        var found = 0UL;
        for (var i = 0; i < IByteBlock<BlockScalar>.Size; i++)
        {
            var letter = _bytes[i] | bits;
            found |= (table.GetElement(letter & 0x0F) == letter ? 1UL : 0) << i;
        }

        return found;
    }

    public ulong AtMost(byte value)
    {
        var bits = 0UL;
        for (var i = 0; i < IByteBlock<BlockScalar>.Size; i++)
        {
            bits |= (_bytes[i] <= value ? 1UL : 0) << i;
        }

        return bits;
    }

    public ulong AtLeast(byte value)
    {
        var bits = 0UL;
        for (var i = 0; i < IByteBlock<BlockScalar>.Size; i++)
        {
            bits |= (_bytes[i] >= value ? 1UL : 0) << i;
        }

        return bits;
    }

    [InlineArray(64)]
    private struct Bytes
    {
        private byte _first;
    }
}
