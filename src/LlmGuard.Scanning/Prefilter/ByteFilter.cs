using System.Numerics;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>
/// Tells where one of at most 64 rows of bytes may stand, each place given as a set. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
internal sealed class ByteFilter
{
    /// <summary>Most rows.</summary>
    public const int MaxRows = 64;

    private readonly ulong[][] _rows;
    private readonly NibbleTables _tables;

    /// <param name="rows">The rows, all as long, at least <see cref="NibbleTables.Places"/>: for each place and byte whether it may stand
    /// there.</param>
    public ByteFilter(IReadOnlyList<bool[][]> rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Count, MaxRows);
        Length = rows[0].Length;
        _rows = new ulong[Length][];
        var buckets = new byte[NibbleTables.Places][];
        for (var place = 0; place < Length; place++)
        {
            _rows[place] = new ulong[256];
            for (var row = 0; row < rows.Count; row++)
            {
                for (var value = 0; value < 256; value++)
                {
                    _rows[place][value] |= rows[row][place][value] ? 1UL << Bit(row, rows.Count) : 0;
                }
            }

            if (place < NibbleTables.Places)
            {
                buckets[place] = [.. _rows[place].Select(ToBuckets)];
            }
        }

        _tables = new NibbleTables(buckets);
    }

    /// <summary>Bytes of a row.</summary>
    public int Length { get; }

    /// <summary>The first offset from one on where a row may stand. Where fewer bytes follow than a row has, one may.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at.</param>
    /// <returns>The offset; the length of the text if there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, int at)
    {
        var (from, last) = (at, text.Length - Length);
        for (ulong perhaps; at <= last && (perhaps = _tables.Next(text, ref at)) != 0; at += NibbleTables.Judged(text.Length, at))
        {
            for (; perhaps != 0; perhaps &= perhaps - 1)
            {
                var offset = at + BitOperations.TrailingZeroCount(perhaps);
                if (offset > last || MayStand(text, offset))
                {
                    return Math.Min(offset, last + 1);
                }
            }
        }

        while (at <= last && !MayStand(text, at))
        {
            at++;
        }

        // What was judged at once may reach beyond the last row.
        return Math.Min(Math.Max(from, Math.Min(at, last + 1)), text.Length);
    }

    /// <summary>What <see cref="Next"/> returns where it is known at which offset from one on a row stands first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at.</param>
    /// <param name="found">The first offset of a row, or one beyond the text.</param>
    public int Known(ReadOnlySpan<byte> text, int at, int found) =>
        Math.Min(Math.Max(at, Math.Min(found, text.Length - Length + 1)), text.Length);

    /// <summary>Whether a row stands at an offset; not, where fewer bytes follow than it has.</summary>
    public bool StandsAt(ReadOnlySpan<byte> text, int at) => at <= text.Length - Length && MayStand(text, at);

    private bool MayStand(ReadOnlySpan<byte> text, int at)
    {
        var rows = ulong.MaxValue;
        for (var place = 0; place < _rows.Length && rows != 0; place++)
        {
            rows &= _rows[place][text[at + place]];
        }

        return rows != 0;
    }

    // Spread over all, so that few rows have buckets of their own and many share them with their neighbours in the list, which are alike.
    private static int Bit(int row, int count) => row * MaxRows / count;

    private static byte ToBuckets(ulong rows)
    {
        var buckets = 0;
        for (var bucket = 0; bucket < NibbleTables.Buckets; bucket++)
        {
            buckets |= (rows >> (bucket * 8) & 0xFF) != 0 ? 1 << bucket : 0;
        }

        return (byte)buckets;
    }
}
