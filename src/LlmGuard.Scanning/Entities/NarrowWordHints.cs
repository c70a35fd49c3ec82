using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>What <see cref="WordHints"/> tells, for machines that look up 64 bytes in more than one instruction: offset by offset.
/// Immutable.</summary>
/// <remarks>
/// It says exactly the same, so that what is asked, and when a stream goes on, does not depend on the machine. All buckets are looked at at once.
/// </remarks>
internal sealed class NarrowWordHints
{
    // Buckets that are told by one number.
    private const int SetsAtOnce = sizeof(ulong);

    private const int RowsAtOnce = PairCodes.Pairs * PairCodes.Count;

    // The code of each byte as the first of two, and in the upper half as the second.
    private static readonly ushort[] Codes =
        [.. Enumerable.Range(0, PairCodes.Count).Select(static value => (ushort)(PairCodes.OfFirst[value] | (PairCodes.OfSecond[value] << 8)))];

    private readonly ulong[] _pairs;

    /// <param name="tables">For each set of eight buckets the tables of its pairs.</param>
    public NarrowWordHints(byte[][] tables)
    {
        var sets = tables.Length / PairCodes.Pairs;
        _pairs = new ulong[(sets + SetsAtOnce - 1) / SetsAtOnce * RowsAtOnce];
        for (var table = 0; table < tables.Length; table++)
        {
            var (set, pair) = Math.DivRem(table, PairCodes.Pairs);
            var row = (set / SetsAtOnce * RowsAtOnce) + (pair * PairCodes.Count);
            for (var hash = 0; hash < PairCodes.Count; hash++)
            {
                _pairs[row + hash] |= (ulong)tables[table][hash] << (8 * (set % SetsAtOnce));
            }
        }
    }

    /// <summary>At which of some offsets a word may begin that is in the bytes as a whole, one bit for each byte.</summary>
    public ulong In(ref byte first, ulong starts)
    {
        ref var codes = ref MemoryMarshal.GetArrayDataReference(Codes);
        var found = 0UL;
        for (var left = starts; left != 0; left &= left - 1)
        {
            // Behind the last byte stands that byte again: what follows a word may be anything.
            var bytes = Bytes64.From(ref first, BitOperations.TrailingZeroCount(left));
            found |= Any(ref codes, bytes) ? left & (~left + 1) : 0;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ref ushort codes, ulong bytes) =>
        (byte)Unsafe.Add(ref codes, (nint)(bytes & 0x7F)) ^ (Unsafe.Add(ref codes, (nint)(bytes >> 8 & 0x7F)) >> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Any(ref ushort codes, ulong bytes)
    {
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        for (var row = 0; row < _pairs.Length; row += RowsAtOnce)
        {
            // Few words begin with few pairs: most is over after one look.
            var buckets = Unsafe.Add(ref pairs, row + Hash(ref codes, bytes));
            if (buckets != 0 && (buckets & Unsafe.Add(ref pairs, row + PairCodes.Count + Hash(ref codes, bytes >> 16))
                & Unsafe.Add(ref pairs, row + (2 * PairCodes.Count) + Hash(ref codes, bytes >> 32))) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
