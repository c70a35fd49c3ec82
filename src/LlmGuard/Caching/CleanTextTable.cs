using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Caching;

/// <summary>
/// A set of hashes in a fixed number of bytes, which forgets. Thread-safe without a lock: a place holds two halves of a hash, and one that is read
/// while it is written is at worst made of halves of two hashes, which equal a third as seldom as two hashes equal each other.
/// </summary>
/// <remarks>
/// Places come in rows, and a hash belongs to one row. Who is new takes the last place of a row that is full; who is asked for moves up by one. So a
/// flood of texts that nobody sends twice only ever replaces the last places, and what was used before stays.
/// A row has the lower halves of all its hashes before the upper ones, so that all are compared at once, and begins where a cache line does.
/// </remarks>
internal sealed class CleanTextTable
{
    private const int Ways = 8;
    private const int RowLength = Ways * 2;
    private const int Line = 64;

    private readonly int _rows;
    private Places? _places;

    /// <summary>Makes an empty table; the memory is taken with the first hash.</summary>
    /// <param name="maxBytes">Most bytes it may take; rounded down to a power of two. Below 128 it keeps nothing.</param>
    public CleanTextTable(long maxBytes)
    {
        var rows = Math.Min(maxBytes, Array.MaxLength) / (RowLength * sizeof(ulong));
        _rows = rows == 0 ? 0 : 1 << System.Numerics.BitOperations.Log2((ulong)rows);
    }

    /// <summary>The bytes it takes once it is in use, but for a cache line.</summary>
    public long Bytes => (long)_rows * RowLength * sizeof(ulong);

    public bool Contains(UInt128 hash)
    {
        if (Volatile.Read(ref _places) is not { } places || hash == 0)
        {
            return false;
        }

        var row = places.RowOf(hash);
        var lower = Vector512.Equals(Vector512.Create<ulong>(row[..Ways]), Vector512.Create((ulong)hash));
        if (lower == Vector512<ulong>.Zero)
        {
            return false;
        }

        var upper = Vector512.Equals(Vector512.Create<ulong>(row[Ways..]), Vector512.Create((ulong)(hash >> 64)));
        var equal = (lower & upper).ExtractMostSignificantBits();
        if (equal == 0)
        {
            return false;
        }

        var place = System.Numerics.BitOperations.TrailingZeroCount(equal);
        if (place > 0)
        {
            (row[place], row[place - 1]) = (row[place - 1], (ulong)hash);
            (row[Ways + place], row[Ways + place - 1]) = (row[Ways + place - 1], (ulong)(hash >> 64));
        }

        return true;
    }

    public void Add(UInt128 hash)
    {
        if (_rows == 0 || hash == 0 || Contains(hash))
        {
            return;
        }

        var places = Volatile.Read(ref _places) ?? Interlocked.CompareExchange(ref _places, new Places(_rows), null) ?? _places;
        var row = places.RowOf(hash);
        var place = 0;
        while (place < Ways - 1 && (row[place] | row[Ways + place]) != 0)
        {
            place++;
        }

        (row[place], row[Ways + place]) = ((ulong)hash, (ulong)(hash >> 64));
    }

    /// <summary>The rows, in memory that is not moved, since it would not begin with a cache line any more.</summary>
    private sealed class Places
    {
        private readonly int _mask;
        private readonly ulong[] _halves;
        private readonly int _first;

        public Places(int rows)
        {
            _mask = rows - 1;
            _halves = GC.AllocateArray<ulong>((rows * RowLength) + (Line / sizeof(ulong)), pinned: true);
            _first = (int)(-(long)Marshal.UnsafeAddrOfPinnedArrayElement(_halves, 0) & (Line - 1)) / sizeof(ulong);
        }

        public Span<ulong> RowOf(UInt128 hash) => _halves.AsSpan(_first + (((int)hash & _mask) * RowLength), RowLength);
    }
}
