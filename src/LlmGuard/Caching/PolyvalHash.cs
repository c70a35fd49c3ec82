using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Arm = System.Runtime.Intrinsics.Arm;
using X86 = System.Runtime.Intrinsics.X86;

namespace LlmGuard.Caching;

/// <summary>
/// POLYVAL (RFC 8452, section 3): a polynomial over GF(2^128) whose coefficients are the input, at a random point, for processors that multiply
/// without carry.
/// </summary>
/// <remarks>
/// Two different inputs of at most n blocks are two different polynomials of degree n, which have the same value at no more than n of the 2^128
/// points (and differ by any one value at no more than n). That is proven and not assumed, as long as nobody who chooses inputs learns anything of
/// the point; hashes are compared with each other within the process and shown to nobody.
/// Up to 32 chunks of four blocks are multiplied with powers of the point before what they sum up to is reduced once.
/// </remarks>
internal sealed class PolyvalHash : KeyedHash
{
    private const int Chunks = 32;
    private const int Lanes = 4;
    private const ulong Modulus = 0xc200_0000_0000_0000;

    // The point to the power of as many blocks as a group has, down to the first; behind each four, the sums of their halves.
    private readonly Vector512<ulong>[] _powers = new Vector512<ulong>[2 * Chunks];

    public PolyvalHash()
        : this(RandomNumberGenerator.GetBytes(16))
    {
    }

    /// <summary>Uses a given point, for test vectors.</summary>
    internal PolyvalHash(ReadOnlySpan<byte> point)
    {
        var first = Vector128.Create(point).AsUInt64();
        var powers = MemoryMarshal.Cast<Vector512<ulong>, Vector128<ulong>>(_powers.AsSpan());
        var power = first;
        for (var i = (Chunks * Lanes) - 1; i >= 0; i--)
        {
            var place = (i / Lanes * 2 * Lanes) + (i % Lanes);
            (powers[place], powers[place + Lanes]) = (power, power ^ Swap(power));
            power = Multiply(power, first);
        }
    }

    public static bool IsSupported => X86.Pclmulqdq.IsSupported || Arm.Aes.IsSupported;

    protected override UInt128 Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> text)
    {
        var tail = text[(text.Length & -Block)..];
        var sum = new Sum(_powers, (header.Length + text.Length + Block - 1) / Block);
        sum.Add(header);
        sum.Add(text[..^tail.Length]);
        if (!tail.IsEmpty)
        {
            Span<byte> last = stackalloc byte[Block];
            last.Clear();
            tail.CopyTo(last);
            sum.Add(last);
        }

        var hash = sum.Value;
        return new UInt128(hash[1], hash[0]);
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> right) => Reduce(
        Carryless(left, right, 0x00),
        Carryless(left, right, 0x01) ^ Carryless(left, right, 0x10),
        Carryless(left, right, 0x11));

    /// <summary>Divides a product of 256 bits by x^128, modulo x^128 + x^127 + x^126 + x^121 + 1.</summary>
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        var modulus = Vector128.CreateScalar(Modulus);
        low ^= Vector128.Create(0, middle[0]);
        high ^= Vector128.Create(middle[1], 0);
        low = Swap(low) ^ Carryless(low, modulus, 0x00);
        low = Swap(low) ^ Carryless(low, modulus, 0x00);
        return high ^ low;
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

    /// <summary>The value of a polynomial whose coefficients come in turn.</summary>
    private ref struct Sum
    {
        private readonly ref Vector512<ulong> _powers;
        private Vector512<ulong> _low;
        private Vector512<ulong> _middle;
        private Vector512<ulong> _high;
        private int _at;

        /// <summary>Begins.</summary>
        /// <param name="powers">Powers of the point.</param>
        /// <param name="chunks">How many chunks will come. The first group is the short one, so that the last ends with the first power.</param>
        public Sum(Vector512<ulong>[] powers, int chunks)
        {
            _powers = ref MemoryMarshal.GetArrayDataReference(powers);
            _at = -chunks & (Chunks - 1);
        }

        /// <summary>The value, once all have come.</summary>
        public Vector128<ulong> Value { get; private set; }

        /// <summary>Takes whole chunks.</summary>
        public void Add(scoped ReadOnlySpan<byte> chunks)
        {
            while (!chunks.IsEmpty)
            {
                var count = Math.Min(chunks.Length / Block, Chunks - _at);
                var (low, middle, high) = (_low, _middle, _high);
                ref var chunk = ref Unsafe.As<byte, Vector512<ulong>>(ref MemoryMarshal.GetReference(chunks));
                ref var power = ref Unsafe.Add(ref _powers, 2 * _at);
                var carry = Vector512.Create(Vector256.Create(Value, default), default);
                for (var i = 0; i < count; i++)
                {
                    var (factor, sums) = (Unsafe.Add(ref power, 2 * i), Unsafe.Add(ref power, (2 * i) + 1));
                    var value = Vector512.LoadUnsafe(ref Unsafe.As<Vector512<ulong>, ulong>(ref Unsafe.Add(ref chunk, i))) ^ carry;
                    carry = default;

                    // Three products instead of four (Karatsuba): that of the sums holds the outer two once more, which are taken off at the end.
                    low ^= Carryless(value, factor, 0x00);
                    middle ^= Carryless(value ^ Swap(value), sums, 0x00);
                    high ^= Carryless(value, factor, 0x11);
                }

                Value = default;
                (_low, _middle, _high) = (low, middle, high);
                _at += count;
                if (_at == Chunks)
                {
                    Value = Reduce(Fold(low), Fold(middle ^ low ^ high), Fold(high));
                    (_low, _middle, _high, _at) = (default, default, default, 0);
                }

                chunks = chunks[(count * Block)..];
            }
        }

        private static Vector128<ulong> Fold(Vector512<ulong> value)
        {
            var half = value.GetLower() ^ value.GetUpper();
            return half.GetLower() ^ half.GetUpper();
        }
    }
}
