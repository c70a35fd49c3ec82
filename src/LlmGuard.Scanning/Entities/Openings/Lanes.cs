using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Bytes in as many vectors as are looked up at once. Where <see cref="Avx512Vbmi"/> is supported.</summary>
/// <typeparam name="T">Who they are.</typeparam>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>What a table holds for each byte, of which the lower seven bits count.</summary>
    /// <param name="tables">Tables of two vectors each.</param>
    /// <param name="table">The number of the table.</param>
    /// <param name="bytes">The bytes.</param>
    static abstract T Look(ref Vector512<byte> tables, int table, T bytes);

    /// <summary>For each lane the byte of another one.</summary>
    static abstract T Move(T bytes, Vector512<byte> from);

    /// <summary>The bits that are in all three.</summary>
    static abstract T And(T first, T second, T third);

    /// <summary>The bits that are in both.</summary>
    static abstract T And(T first, T second);

    /// <summary>The bits that are in any.</summary>
    static abstract T Or(T first, T second);

    /// <summary>The bits that are in one of both.</summary>
    static abstract T Xor(T first, T second);

    /// <summary>Each byte, or the highest one there may be.</summary>
    static abstract T Min(T bytes, Vector512<byte> highest);
}

/// <summary>One vector.</summary>
internal readonly struct OneVector(Vector512<byte> bytes) : ILanes<OneVector>
{
    public readonly Vector512<byte> Bytes = bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector Look(ref Vector512<byte> tables, int table, OneVector bytes) =>
        new(Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref tables, 2 * table), bytes.Bytes, Unsafe.Add(ref tables, (2 * table) + 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector Move(OneVector bytes, Vector512<byte> from) => new(Avx512Vbmi.PermuteVar64x8(bytes.Bytes, from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector And(OneVector first, OneVector second, OneVector third) => new(first.Bytes & second.Bytes & third.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector And(OneVector first, OneVector second) => new(first.Bytes & second.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector Or(OneVector first, OneVector second) => new(first.Bytes | second.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector Xor(OneVector first, OneVector second) => new(first.Bytes ^ second.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneVector Min(OneVector bytes, Vector512<byte> highest) => new(Vector512.Min(bytes.Bytes, highest));
}

/// <summary>Two vectors: the tables are as much to load as all that is done with them, and are loaded once for both.</summary>
internal readonly struct TwoVectors(Vector512<byte> first, Vector512<byte> second) : ILanes<TwoVectors>
{
    public readonly Vector512<byte> First = first;

    public readonly Vector512<byte> Second = second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors Look(ref Vector512<byte> tables, int table, TwoVectors bytes)
    {
        var (lower, upper) = (Unsafe.Add(ref tables, 2 * table), Unsafe.Add(ref tables, (2 * table) + 1));
        return new(Avx512Vbmi.PermuteVar64x8x2(lower, bytes.First, upper), Avx512Vbmi.PermuteVar64x8x2(lower, bytes.Second, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors Move(TwoVectors bytes, Vector512<byte> from) =>
        new(Avx512Vbmi.PermuteVar64x8(bytes.First, from), Avx512Vbmi.PermuteVar64x8(bytes.Second, from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors And(TwoVectors first, TwoVectors second, TwoVectors third) =>
        new(first.First & second.First & third.First, first.Second & second.Second & third.Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors And(TwoVectors first, TwoVectors second) => new(first.First & second.First, first.Second & second.Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors Or(TwoVectors first, TwoVectors second) => new(first.First | second.First, first.Second | second.Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors Xor(TwoVectors first, TwoVectors second) => new(first.First ^ second.First, first.Second ^ second.Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors Min(TwoVectors bytes, Vector512<byte> highest) =>
        new(Vector512.Min(bytes.First, highest), Vector512.Min(bytes.Second, highest));
}
