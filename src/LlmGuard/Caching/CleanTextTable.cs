namespace LlmGuard.Caching;

/// <summary>
/// A set of hashes in a fixed number of bytes, which forgets. Thread-safe without a lock: a place holds two halves of a hash, and one that is read
/// while it is written is at worst made of halves of two hashes, which equal a third as seldom as two hashes equal each other.
/// </summary>
/// <remarks>
/// Places come in rows, and a hash belongs to one row. Who is new takes the last place of a row that is full; who is asked for moves up by one. So a
/// flood of texts that nobody sends twice only ever replaces the last places, and what was used before stays.
/// </remarks>
internal sealed class CleanTextTable
{
    private const int Ways = 8;
    private const int RowLength = Ways * 2;

    private readonly int _rows;
    private ulong[]? _halves;

    /// <summary>Makes an empty table; the memory is taken with the first hash.</summary>
    /// <param name="maxBytes">Most bytes it may take; rounded down to a power of two. Below 128 it keeps nothing.</param>
    public CleanTextTable(long maxBytes)
    {
        var rows = Math.Min(maxBytes, Array.MaxLength) / (RowLength * sizeof(ulong));
        _rows = rows == 0 ? 0 : 1 << System.Numerics.BitOperations.Log2((ulong)rows);
    }

    /// <summary>The bytes it takes once it is in use.</summary>
    public long Bytes => (long)_rows * RowLength * sizeof(ulong);

    public bool Contains(UInt128 hash)
    {
        if (Volatile.Read(ref _halves) is not { } halves || hash == 0)
        {
            return false;
        }

        var (low, high) = ((ulong)hash, (ulong)(hash >> 64));
        var row = RowOf(halves, low);
        for (var i = 0; i < RowLength; i += 2)
        {
            if (row[i] == low && row[i + 1] == high)
            {
                if (i > 0)
                {
                    (row[i], row[i + 1], row[i - 2], row[i - 1]) = (row[i - 2], row[i - 1], low, high);
                }

                return true;
            }
        }

        return false;
    }

    public void Add(UInt128 hash)
    {
        if (_rows == 0 || hash == 0 || Contains(hash))
        {
            return;
        }

        var halves = Volatile.Read(ref _halves) ?? Interlocked.CompareExchange(ref _halves, new ulong[_rows * RowLength], null) ?? _halves;
        var (low, high) = ((ulong)hash, (ulong)(hash >> 64));
        var row = RowOf(halves, low);
        var place = 0;
        while (place < RowLength - 2 && (row[place] | row[place + 1]) != 0)
        {
            place += 2;
        }

        (row[place], row[place + 1]) = (low, high);
    }

    private Span<ulong> RowOf(ulong[] halves, ulong low) => halves.AsSpan((int)(low & (ulong)(_rows - 1)) * RowLength, RowLength);
}
