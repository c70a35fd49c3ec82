using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>What is found of 64 bytes, one bit each.</summary>
internal enum NarrowKind
{
    /// <summary>Letters.</summary>
    Letters,

    /// <summary>Digits.</summary>
    Digits,

    /// <summary>Capitals.</summary>
    Capitals,

    /// <summary>Hyphens and underscores.</summary>
    Joints,

    /// <summary>Letters that are hexadecimal digits.</summary>
    Hex,

    /// <summary>Hyphens, colons and points.</summary>
    Parts,

    /// <summary>Where by the first bytes a word of at least <see cref="NarrowVectors.LongWord"/> letters may begin.</summary>
    LongWords,

    /// <summary>The same for a shorter one.</summary>
    ShortWords,

    /// <summary>Where by the byte before and the first ones something else may.</summary>
    Others,
}

/// <summary>Looks at 64 bytes in vectors of 16 or 32: what kinds they are of, and by halves of bytes what may begin there.</summary>
internal static class NarrowVectors
{
    /// <summary>Bytes from an offset on that are looked at.</summary>
    public const int Places = 4;

    /// <summary>Most times that is looked at once.</summary>
    public const int AtOnce = 8;

    /// <summary>Numbers that what is found of one kind takes: before all others one for who wants to know what stands before.</summary>
    public const int Row = 1 + AtOnce;

    /// <summary>Numbers that all that is found takes.</summary>
    public const int Found = ((int)NarrowKind.Others + 1) * Row;

    /// <summary>Letters of a long word.</summary>
    public const int LongWord = 5;

    private const int Buckets = 8;

    // For both halves of each place: of long words, of short ones, of the byte before others, of others.
    private const int Short = 2 * Places;
    private const int Before = Short + (2 * Places);
    private const int Others = Before + 2;
    private const int Count = Others + (2 * Places);

    /// <summary>The tables: 32 bytes each, of which both halves are equal.</summary>
    /// <param name="longWords">Long words.</param>
    /// <param name="shortWords">Short ones.</param>
    /// <param name="others">What is no word.</param>
    public static IReadOnlyList<byte[]> Tables(
        IEnumerable<NarrowShape> longWords, IEnumerable<NarrowShape> shortWords, IEnumerable<NarrowShape> others)
    {
        var tables = Enumerable.Range(0, Count).Select(static _ => new byte[32]).ToArray();
        foreach (var (number, shape) in OpeningBuckets.Spread(longWords, Buckets).Index())
        {
            Add(tables, 0, shape.First, Places, number);
        }

        foreach (var (number, shape) in OpeningBuckets.Spread(shortWords, Buckets).Index())
        {
            Add(tables, Short, shape.First, Places, number);
        }

        foreach (var (number, shape) in OpeningBuckets.Spread(others, Buckets).Index())
        {
            Add(tables, Before, shape.Before, 1, number);
            Add(tables, Others, shape.First, Places, number);
        }

        return [.. tables.Chunk(AlignedTables.Size / 32).Select(static some => some.SelectMany(static table => table).ToArray())];
    }

    /// <summary>Looks at 64 bytes several times, at the one before and at the three behind them.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="here">The first byte.</param>
    /// <param name="stride">How far apart the first bytes are.</param>
    /// <param name="count">How many times.</param>
    /// <param name="found">Receives what is found: of one kind after the other a <see cref="Row"/>, but for its first number.</param>
    /// <remarks>Nothing else is done here: with more to keep in registers, what is looked up would be stored and loaded again.</remarks>
    public static void Look(AlignedTables tables, ref byte here, int stride, int count, ref ulong found)
    {
        ref var t = ref Unsafe.As<Vector512<byte>, Vector256<byte>>(ref tables.First);
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            Look256(ref t, ref here, stride, count, ref found);
        }
        else
        {
            Look128(ref t, ref here, stride, count, ref found);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Look256(ref Vector256<byte> t, ref byte here, int stride, int count, ref ulong found)
    {
        for (var i = 0; i < count; i++)
        {
            Look256(ref t, ref Unsafe.Add(ref here, i * stride), ref Unsafe.Add(ref found, 1 + i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Look128(ref Vector256<byte> t, ref byte here, int stride, int count, ref ulong found)
    {
        for (var i = 0; i < count; i++)
        {
            Look128(ref t, ref Unsafe.Add(ref here, i * stride), ref Unsafe.Add(ref found, 1 + i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Look256(ref Vector256<byte> t, ref byte here, ref ulong bits)
    {
        ref var other = ref Unsafe.Add(ref here, Vector256<byte>.Count);
        var (a, b) = (new Halves(ref Unsafe.Subtract(ref here, 1)), new Halves(ref Unsafe.Subtract(ref other, 1)));
        var (others, others2) = Look(ref t, Before, a, b);
        (a, b) = (new Halves(ref here), new Halves(ref other));
        var (longs, longs2) = Look(ref t, 0, a, b);
        var (shorts, shorts2) = Look(ref t, Short, a, b);
        var (found, found2) = Look(ref t, Others, a, b);
        (others, others2) = (others & found, others2 & found2);
        (a, b) = (new Halves(ref Unsafe.Add(ref here, 1)), new Halves(ref Unsafe.Add(ref other, 1)));
        (found, found2) = Look(ref t, 2, a, b);
        (longs, longs2) = (longs & found, longs2 & found2);
        (found, found2) = Look(ref t, Short + 2, a, b);
        (shorts, shorts2) = (shorts & found, shorts2 & found2);
        (found, found2) = Look(ref t, Others + 2, a, b);
        (others, others2) = (others & found, others2 & found2);
        (a, b) = (new Halves(ref Unsafe.Add(ref here, 2)), new Halves(ref Unsafe.Add(ref other, 2)));
        (found, found2) = Look(ref t, 4, a, b);
        (longs, longs2) = (longs & found, longs2 & found2);
        (found, found2) = Look(ref t, Short + 4, a, b);
        (shorts, shorts2) = (shorts & found, shorts2 & found2);
        (found, found2) = Look(ref t, Others + 4, a, b);
        (others, others2) = (others & found, others2 & found2);
        (a, b) = (new Halves(ref Unsafe.Add(ref here, 3)), new Halves(ref Unsafe.Add(ref other, 3)));
        (found, found2) = Look(ref t, 6, a, b);
        (longs, longs2) = (longs & found, longs2 & found2);
        (found, found2) = Look(ref t, Short + 6, a, b);
        (shorts, shorts2) = (shorts & found, shorts2 & found2);
        (found, found2) = Look(ref t, Others + 6, a, b);
        (others, others2) = (others & found, others2 & found2);

        var (lower, upper) = (Vector256.LoadUnsafe(ref here), Vector256.LoadUnsafe(ref other));
        var (small, small2) = (lower | Vector256.Create((byte)0x20), upper | Vector256.Create((byte)0x20));
        var (hyphens, hyphens2) = (Vector256.Equals(lower, Vector256.Create((byte)'-')), Vector256.Equals(upper, Vector256.Create((byte)'-')));
        var (points, points2) = (Vector256.Equals(lower, Vector256.Create((byte)'.')), Vector256.Equals(upper, Vector256.Create((byte)'.')));
        Set(ref bits, NarrowKind.Letters, Join(In(small, 'a', 25), In(small2, 'a', 25)));
        Set(ref bits, NarrowKind.Digits, Join(In(lower, '0', 9), In(upper, '0', 9)));
        Set(ref bits, NarrowKind.Capitals, Join(In(lower, 'A', 25), In(upper, 'A', 25)));
        Set(ref bits, NarrowKind.Joints, Join(
            hyphens | Vector256.Equals(lower, Vector256.Create((byte)'_')), hyphens2 | Vector256.Equals(upper, Vector256.Create((byte)'_'))));
        Set(ref bits, NarrowKind.Hex, Join(In(small, 'a', 5), In(small2, 'a', 5)));
        Set(ref bits, NarrowKind.Parts, Join(
            hyphens | points | Vector256.Equals(lower, Vector256.Create((byte)':')),
            hyphens2 | points2 | Vector256.Equals(upper, Vector256.Create((byte)':'))));
        Set(ref bits, NarrowKind.LongWords, ~Join(Vector256.Equals(longs, Vector256<byte>.Zero), Vector256.Equals(longs2, Vector256<byte>.Zero)));
        Set(ref bits, NarrowKind.ShortWords, ~Join(Vector256.Equals(shorts, Vector256<byte>.Zero), Vector256.Equals(shorts2, Vector256<byte>.Zero)));
        Set(ref bits, NarrowKind.Others, ~Join(Vector256.Equals(others, Vector256<byte>.Zero), Vector256.Equals(others2, Vector256<byte>.Zero)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Look128(ref Vector256<byte> t, ref byte here, ref ulong bits)
    {
        for (var kind = NarrowKind.Letters; kind <= NarrowKind.Others; kind++)
        {
            Set(ref bits, kind, 0);
        }

        for (var at = 0; at < 64; at += Vector128<byte>.Count)
        {
            ref var some = ref Unsafe.Add(ref here, at);
            var others = Look(ref Unsafe.Add(ref t, Before), ref Unsafe.Subtract(ref some, 1));
            var (longs, shorts) = (Vector128<byte>.AllBitsSet, Vector128<byte>.AllBitsSet);
            for (var place = 0; place < Places; place++)
            {
                longs &= Look(ref Unsafe.Add(ref t, 2 * place), ref Unsafe.Add(ref some, place));
                shorts &= Look(ref Unsafe.Add(ref t, Short + (2 * place)), ref Unsafe.Add(ref some, place));
                others &= Look(ref Unsafe.Add(ref t, Others + (2 * place)), ref Unsafe.Add(ref some, place));
            }

            var bytes = Vector128.LoadUnsafe(ref some);
            var hyphens = Vector128.Equals(bytes, Vector128.Create((byte)'-'));
            var parts = hyphens | Vector128.Equals(bytes, Vector128.Create((byte)':')) | Vector128.Equals(bytes, Vector128.Create((byte)'.'));
            Add(ref bits, NarrowKind.Letters, In(bytes | Vector128.Create((byte)0x20), 'a', 25), at);
            Add(ref bits, NarrowKind.Digits, In(bytes, '0', 9), at);
            Add(ref bits, NarrowKind.Capitals, In(bytes, 'A', 25), at);
            Add(ref bits, NarrowKind.Joints, hyphens | Vector128.Equals(bytes, Vector128.Create((byte)'_')), at);
            Add(ref bits, NarrowKind.Hex, In(bytes | Vector128.Create((byte)0x20), 'a', 5), at);
            Add(ref bits, NarrowKind.Parts, parts, at);
            Add(ref bits, NarrowKind.LongWords, ~Vector128.Equals(longs, Vector128<byte>.Zero), at);
            Add(ref bits, NarrowKind.ShortWords, ~Vector128.Equals(shorts, Vector128<byte>.Zero), at);
            Add(ref bits, NarrowKind.Others, ~Vector128.Equals(others, Vector128<byte>.Zero), at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(ref ulong bits, NarrowKind kind, ulong value) => Unsafe.Add(ref bits, (nint)kind * Row) = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref ulong bits, NarrowKind kind, Vector128<byte> bytes, int at) =>
        Unsafe.Add(ref bits, (nint)kind * Row) |= (ulong)bytes.ExtractMostSignificantBits() << at;

    private static void Add(byte[][] tables, int first, ByteHalves halves, int places, int bucket)
    {
        for (var place = 0; place < places; place++)
        {
            for (var half = 0; half < 32; half++)
            {
                var (lower, upper) = (halves.AllLower >> ((16 * place) + (half & 0xF)) & 1, halves.AllUpper >> ((16 * place) + (half & 0xF)) & 1);
                tables[first + (2 * place)][half] |= (byte)(lower << bucket);
                tables[first + (2 * place) + 1][half] |= (byte)(upper << bucket);
            }
        }
    }

    // In which buckets the bytes may stand at a place. Each table is loaded once for both vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<byte> First, Vector256<byte> Second) Look(ref Vector256<byte> tables, int table, Halves first, Halves second)
    {
        var (lower, upper) = (Unsafe.Add(ref tables, table), Unsafe.Add(ref tables, table + 1));
        return (Avx2.Shuffle(lower, first.Lower) & Avx2.Shuffle(upper, first.Upper),
            Avx2.Shuffle(lower, second.Lower) & Avx2.Shuffle(upper, second.Upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Look(ref Vector256<byte> tables, ref byte here)
    {
        var (value, half) = (Vector128.LoadUnsafe(ref here), Vector128.Create((byte)0x0F));
        return Vector128.ShuffleNative(tables.GetLower(), value & half)
            & Vector128.ShuffleNative(Unsafe.Add(ref tables, 1).GetLower(), (value.AsUInt16() >>> 4).AsByte() & half);
    }

    // Bytes from one on. The least of two tells without a sign what a comparison would tell with one only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> In(Vector256<byte> bytes, char first, byte more)
    {
        var from = bytes - Vector256.Create((byte)first);
        return Vector256.Equals(Vector256.Min(from, Vector256.Create(more)), from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> In(Vector128<byte> bytes, char first, byte more)
    {
        var from = bytes - Vector128.Create((byte)first);
        return Vector128.Equals(Vector128.Min(from, Vector128.Create(more)), from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> lower, Vector256<byte> upper) =>
        lower.ExtractMostSignificantBits() | ((ulong)upper.ExtractMostSignificantBits() << Vector256<byte>.Count);

    /// <summary>The halves of 32 bytes.</summary>
    private readonly struct Halves
    {
        public readonly Vector256<byte> Lower, Upper;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Halves(ref byte here)
        {
            var (bytes, half) = (Vector256.LoadUnsafe(ref here), Vector256.Create((byte)0x0F));
            (Lower, Upper) = (bytes & half, (bytes.AsUInt16() >>> 4).AsByte() & half);
        }
    }
}
