using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>
/// What <see cref="Utf8Check"/> says, by three looks in tables (Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte",
/// 2021): the same work whatever characters there are. For AVX2.
/// </summary>
internal struct Utf8Lookup
{
    // What two bytes that follow each other may be wrong in; wrong is what all three of their looks say.
    private const ulong TooShort = 0x01;
    private const ulong TooLong = 0x02;
    private const ulong Overlong3 = 0x04;
    private const ulong TooLarge = 0x08;
    private const ulong Surrogate = 0x10;
    private const ulong Overlong2 = 0x20;
    private const ulong TooLargeByFar = 0x40;
    private const ulong Overlong4 = 0x40;
    private const ulong TwoContinuations = 0x80;

    // What the lower half of a first byte says nothing about.
    private const ulong Either = TooShort | TooLong | TwoContinuations;
    private const ulong Large = Either | TooLarge | TooLargeByFar;
    private const ulong All = 0x0101_0101_0101_0101;

    private Vector256<byte> _last;

    // By the upper half of the first byte.
    private static Vector256<byte> FirstUpper => Table(
        All * TooLong,
        ((All & 0xFFFF_FFFF) * TwoContinuations)
            | ((TooShort | Overlong2) << 32)
            | (TooShort << 40)
            | ((TooShort | Overlong3 | Surrogate) << 48)
            | ((TooShort | TooLarge | TooLargeByFar | Overlong4) << 56));

    // By its lower half.
    private static Vector256<byte> FirstLower => Table(
        (Either | Overlong3 | Overlong2 | Overlong4)
            | ((Either | Overlong2) << 8)
            | (Either << 16)
            | (Either << 24)
            | ((Either | TooLarge) << 32)
            | (Large << 40)
            | (Large << 48)
            | (Large << 56),
        (All * Large) | (Surrogate << 40));

    // By the upper half of the second byte.
    private static Vector256<byte> SecondUpper => Table(
        All * TooShort,
        (TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLargeByFar | Overlong4)
            | ((TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge) << 8)
            | ((TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge) << 16)
            | ((TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge) << 24)
            | ((All << 32) * TooShort));

    /// <summary>Not zero where a character of the next block is wrong, or one before it that is not complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Wrong(Block256 block)
    {
        var wrong = Wrong(block.Low, _last) | Wrong(block.High, block.Low);
        _last = block.High;
        return wrong;
    }

    /// <summary>The bytes of the next block before which, or in which, a character is wrong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong WrongIn(Block256 block)
    {
        var (low, high) = (Wrong(block.Low, _last), Wrong(block.High, block.Low));
        _last = block.High;
        return (low | high) == Vector256<byte>.Zero ? 0 : ~Block256.Bits(
            Vector256.Equals(low, Vector256<byte>.Zero), Vector256.Equals(high, Vector256<byte>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Wrong(Vector256<byte> bytes, Vector256<byte> before)
    {
        var half = Vector256.Create((byte)0x0F);
        var over = Avx2.Permute2x128(before, bytes, 0x21);
        var first = Avx2.AlignRight(bytes, over, 15);
        var pairs = Avx2.Shuffle(FirstUpper, Avx2.ShiftRightLogical(first.AsUInt16(), 4).AsByte() & half)
            & Avx2.Shuffle(FirstLower, first & half)
            & Avx2.Shuffle(SecondUpper, Avx2.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & half);

        // Third and fourth bytes have to continue what stands two or three before them, and look like two continuations in a row.
        var third = Avx2.SubtractSaturate(Avx2.AlignRight(bytes, over, 14), Vector256.Create((byte)(0xE0 - 0x80)));
        var fourth = Avx2.SubtractSaturate(Avx2.AlignRight(bytes, over, 13), Vector256.Create((byte)(0xF0 - 0x80)));
        return ((third | fourth) & Vector256.Create((byte)0x80)) ^ pairs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Table(ulong lower, ulong upper)
    {
        var table = Vector128.Create(lower, upper).AsByte();
        return Vector256.Create(table, table);
    }
}
