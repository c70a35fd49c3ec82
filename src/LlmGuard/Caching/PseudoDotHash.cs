using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Arm = System.Runtime.Intrinsics.Arm;
using X86 = System.Runtime.Intrinsics.X86;

namespace LlmGuard.Caching;

/// <summary>
/// Pseudo-dot products over GF(2^128), the field of POLYVAL (RFC 8452): the words of the input, each added to a key of its own, are multiplied in
/// pairs and the products summed up, half as many as a polynomial takes. For processors that multiply without carry.
/// </summary>
/// <remarks>
/// A group of 32 blocks has a key for every word, so two groups that differ in a word differ by a given value for one in 2^128 keys of that word's
/// partner. The sums of the groups are the coefficients of a polynomial at a random point, which is of the degree of their number. So two inputs of
/// at most n groups have equal hashes (or hashes that differ by any one value) with a probability of at most (n + 2) / 2^128: n + 1 as said, and one
/// more where the longer begins with a group whose sum is 0. That is proven and not assumed, as long as nobody who chooses inputs learns anything of
/// the keys; hashes are compared with each other within the process and shown to nobody.
/// What comes before the text and the text's length are a pair of the first group. The length also says how the last block was filled up, which is
/// with zeros in a text of less than a block and with what stands before it in a longer one.
/// </remarks>
internal sealed class PseudoDotHash : KeyedHash
{
    /// <summary>The bytes of all keys.</summary>
    internal const int KeyBytes = (GroupBlocks * Block) + (3 * Word);

    private const int Word = 16;
    private const int Block = 4 * Word;
    private const int GroupBlocks = 32;

    private readonly Vector512<ulong>[] _keys = new Vector512<ulong>[GroupBlocks];
    private readonly Vector128<ulong> _ofBefore;
    private readonly Vector128<ulong> _ofLength;
    private readonly Vector128<ulong> _point;

    public PseudoDotHash()
        : this(RandomNumberGenerator.GetBytes(KeyBytes))
    {
    }

    /// <summary>Uses given keys, for tests.</summary>
    internal PseudoDotHash(ReadOnlySpan<byte> keys)
    {
        keys[..(GroupBlocks * Block)].CopyTo(MemoryMarshal.AsBytes(_keys.AsSpan()));
        var rest = keys[(GroupBlocks * Block)..];
        _ofBefore = Vector128.Create(rest).AsUInt64();
        _ofLength = Vector128.Create(rest[Word..]).AsUInt64();
        _point = Vector128.Create(rest[(2 * Word)..]).AsUInt64();
    }

    public static bool IsSupported => X86.Pclmulqdq.IsSupported || Arm.Aes.IsSupported;

    public override UInt128 Of(UInt128 before, ReadOnlySpan<byte> text)
    {
        var whole = text.Length / Block;
        var blocks = (text.Length + Block - 1) / Block;
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var sum = Products.Of(
            Vector128.Create((ulong)before, (ulong)(before >> 64)) ^ _ofBefore,
            Vector128.CreateScalar((ulong)text.Length) ^ _ofLength);
        for (var first = 0; first < blocks; first += GroupBlocks)
        {
            if (first > 0)
            {
                sum = Products.Of(sum.Reduce(), _point);
            }

            var count = Math.Min(blocks - first, GroupBlocks);
            var last = first + count > whole ? LastOf(text) : default;
            sum.Add(Group(ref Unsafe.Add(ref bytes, (nint)first * Block), Math.Min(whole - first, count), count, last));
        }

        var hash = sum.Reduce();
        return new UInt128(hash[1], hash[0]);
    }

    /// <summary>The last bytes of a text that is no whole number of blocks long.</summary>
    private static Vector512<ulong> LastOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= Block)
        {
            return Vector512.Create(text[^Block..]).AsUInt64();
        }

        Span<byte> last = stackalloc byte[Block];
        last.Clear();
        text.CopyTo(last);
        return Vector512.Create(last).AsUInt64();
    }

    /// <summary>The products of a group.</summary>
    /// <param name="bytes">Where it begins.</param>
    /// <param name="whole">How many whole blocks there are.</param>
    /// <param name="count">How many with the last, if it is not whole.</param>
    /// <param name="last">The last block, if it is not whole; else 0.</param>
    private Products Group(ref byte bytes, int whole, int count, Vector512<ulong> last)
    {
        ref var key = ref MemoryMarshal.GetArrayDataReference(_keys);
        ref var text = ref Unsafe.As<byte, ulong>(ref bytes);
        Vector512<ulong> low = default, middle = default, high = default;
        var at = 0;
        for (; at < whole - 1; at += 2)
        {
            var left = Vector512.LoadUnsafe(ref text, (nuint)at * 8) ^ Unsafe.Add(ref key, at);
            var right = Vector512.LoadUnsafe(ref text, ((nuint)at * 8) + 8) ^ Unsafe.Add(ref key, at + 1);

            // Three products instead of four (Karatsuba): that of the sums holds the outer two once more, which are taken off at the end.
            low ^= Carryless(left, right, 0x00);
            middle ^= Carryless(left ^ Swap(left), right ^ Swap(right), 0x00);
            high ^= Carryless(left, right, 0x11);
        }

        if (at < count)
        {
            // A whole block, the last, or both: a block that is not there is 0.
            var left = Unsafe.Add(ref key, at) ^ (at < whole ? Vector512.LoadUnsafe(ref text, (nuint)at * 8) : last);
            var right = Unsafe.Add(ref key, at + 1) ^ (at < whole ? last : default);
            low ^= Carryless(left, right, 0x00);
            middle ^= Carryless(left ^ Swap(left), right ^ Swap(right), 0x00);
            high ^= Carryless(left, right, 0x11);
        }

        return new Products(Fold(low), Fold(middle), Fold(high));
    }

    private static Vector128<ulong> Fold(Vector512<ulong> value)
    {
        var half = value.GetLower() ^ value.GetUpper();
        return half.GetLower() ^ half.GetUpper();
    }

    private static Vector128<ulong> Swap(Vector128<ulong> value) => Vector128.Shuffle(value, Vector128.Create(1ul, 0));

    // The halves of every 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Swap(Vector512<ulong> value) => X86.Avx512F.IsSupported
        ? X86.Avx512F.Shuffle(value.AsInt32(), 0b01_00_11_10).AsUInt64()
        : Vector512.Create(
            Vector256.Shuffle(value.GetLower(), Vector256.Create(1ul, 0, 3, 2)),
            Vector256.Shuffle(value.GetUpper(), Vector256.Create(1ul, 0, 3, 2)));

    /// <summary>The product of one half of each factor.</summary>
    /// <param name="left">A factor.</param>
    /// <param name="right">The other.</param>
    /// <param name="halves">0x01: the upper half of the left one. 0x10: the upper half of the right one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Carryless(Vector128<ulong> left, Vector128<ulong> right, [ConstantExpected] byte halves) =>
        X86.Pclmulqdq.IsSupported
        ? X86.Pclmulqdq.CarrylessMultiply(left, right, halves)
        : Arm.Aes.PolynomialMultiplyWideningLower(Half(left, halves & 0x01), Half(right, halves >> 4));

    private static Vector64<ulong> Half(Vector128<ulong> value, int upper) => upper == 0 ? value.GetLower() : value.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Carryless(Vector256<ulong> left, Vector256<ulong> right, [ConstantExpected] byte halves) =>
        X86.Pclmulqdq.V256.IsSupported
        ? X86.Pclmulqdq.V256.CarrylessMultiply(left, right, halves)
        : Vector256.Create(Carryless(left.GetLower(), right.GetLower(), halves), Carryless(left.GetUpper(), right.GetUpper(), halves));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Carryless(Vector512<ulong> left, Vector512<ulong> right, [ConstantExpected] byte halves) =>
        X86.Pclmulqdq.V512.IsSupported
        ? X86.Pclmulqdq.V512.CarrylessMultiply(left, right, halves)
        : Vector512.Create(Carryless(left.GetLower(), right.GetLower(), halves), Carryless(left.GetUpper(), right.GetUpper(), halves));

    /// <summary>A sum of products of 128 bits by 128: their outer thirds, and the products of the sums of the halves.</summary>
    private struct Products(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        private const ulong Modulus = 0xc200_0000_0000_0000;

        private Vector128<ulong> _low = low;
        private Vector128<ulong> _middle = middle;
        private Vector128<ulong> _high = high;

        public static Products Of(Vector128<ulong> left, Vector128<ulong> right) => new(
            Carryless(left, right, 0x00),
            Carryless(left ^ Swap(left), right ^ Swap(right), 0x00),
            Carryless(left, right, 0x11));

        public void Add(in Products other)
        {
            _low ^= other._low;
            _middle ^= other._middle;
            _high ^= other._high;
        }

        /// <summary>The sum divided by x^128, modulo x^128 + x^127 + x^126 + x^121 + 1.</summary>
        public readonly Vector128<ulong> Reduce()
        {
            var modulus = Vector128.CreateScalar(Modulus);
            var inner = _middle ^ _low ^ _high;
            var low = _low ^ Vector128.Create(0, inner[0]);
            var high = _high ^ Vector128.Create(inner[1], 0);
            low = Swap(low) ^ Carryless(low, modulus, 0x00);
            low = Swap(low) ^ Carryless(low, modulus, 0x00);
            return high ^ low;
        }
    }
}
