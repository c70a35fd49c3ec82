using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Which bytes words consist of; all outside ASCII are among them. Immutable.</summary>
internal sealed class WordBytes
{
    private const int Width = 64;

    private readonly bool[] _contains = new bool[256];
    private readonly Vector128<byte> _lower;
    private readonly Vector128<byte> _upper;
    private readonly Vector512<byte> _below64;
    private readonly Vector512<byte> _from64;

    private WordBytes(Func<byte, bool> contains)
    {
        Span<byte> lower = stackalloc byte[16];
        Span<byte> upper = stackalloc byte[16];
        lower.Clear();
        upper.Clear();
        for (var value = 0; value < 256; value++)
        {
            _contains[value] = value >= 0x80 || contains((byte)value);

            // Every upper half of ASCII has a bit of its own, so that the two tables together are exact.
            lower[value & 0xF] |= (byte)(value < 0x80 && _contains[value] ? 1 << (value >> 4) : 0);
            upper[value >> 4] = (byte)(value < 0x80 ? 1 << (value >> 4) : 0);
        }

        _below64 = Vector512.Create<byte>([.. Enumerable.Range(0, 64).Select(b => (byte)(_contains[b] ? 1 : 0))]);
        _from64 = Vector512.Create<byte>([.. Enumerable.Range(64, 64).Select(b => (byte)(_contains[b] ? 1 : 0))]);
        _lower = Vector128.Create<byte>(lower);
        _upper = Vector128.Create<byte>(upper);
    }

    /// <summary>Letters and digits.</summary>
    public static WordBytes Alphanumeric { get; } = new(static b => AsciiByte.IsAlphanumeric(b));

    /// <summary>All but white space, brackets, quotes and similar marks.</summary>
    public static WordBytes NoSeparator { get; } = new(static b => b > ' ' && !",;:/\\()[]{}<>\"'`|=&\u007f".Contains((char)b));

    public bool Contains(byte value) => _contains[value];

    /// <summary>One bit for each of 64 bytes.</summary>
    /// <param name="here">The first of them.</param>
    /// <param name="foreign">One bit for each that is outside ASCII.</param>
    /// <returns>One bit for each that belongs to a word.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Sort(ref byte here, out ulong foreign)
    {
        var words = 0UL;
        foreign = 0;
        if (Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512)
        {
            var bytes = Vector512.LoadUnsafe(ref here);
            foreign = bytes.ExtractMostSignificantBits();
            var kinds = Avx512Vbmi.PermuteVar64x8x2(_below64, bytes, _from64);
            return foreign | ~Vector512.Equals(kinds, Vector512<byte>.Zero).ExtractMostSignificantBits();
        }

        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            var (first, second) = (Vector256.LoadUnsafe(ref here), Vector256.LoadUnsafe(ref here, 32));
            foreign = first.ExtractMostSignificantBits() | ((ulong)second.ExtractMostSignificantBits() << 32);
            return foreign | Sort256(first) | ((ulong)Sort256(second) << 32);
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            for (var part = 0; part < Width; part += 16)
            {
                var bytes = Vector128.LoadUnsafe(ref here, (nuint)part);
                var half = Vector128.Create((byte)0x0F);
                var upper = (bytes.AsUInt16() >>> 4).AsByte() & half;
                var kinds = Vector128.ShuffleNative(_lower, bytes & half) & Vector128.ShuffleNative(_upper, upper);
                foreign |= (ulong)bytes.ExtractMostSignificantBits() << part;
                words |= (ulong)(~Vector128.Equals(kinds, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) << part;
            }

            return foreign | words;
        }

        var all = MemoryMarshal.CreateReadOnlySpan(ref here, Width);
        for (var i = 0; i < Width; i++)
        {
            words |= _contains[all[i]] ? 1UL << i : 0;
            foreign |= all[i] >= 0x80 ? 1UL << i : 0;
        }

        return words;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Sort256(Vector256<byte> bytes)
    {
        var half = Vector256.Create((byte)0x0F);
        var upper = (bytes.AsUInt16() >>> 4).AsByte() & half;
        var kinds = Avx2.Shuffle(Vector256.Create(_lower, _lower), bytes & half) & Avx2.Shuffle(Vector256.Create(_upper, _upper), upper);
        return ~Vector256.Equals(kinds, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }
}
