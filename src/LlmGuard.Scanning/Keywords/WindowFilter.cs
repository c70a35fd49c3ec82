using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Tells where one of many windows of four bytes may stand, without regard to case. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
/// <remarks>
/// Tables judge up to 64 offsets at once (<see cref="NibbleTables"/>), and a bitmap of hashes what is left. From some hundred windows on
/// the tables would let everything pass, and only the bitmap is asked.
/// </remarks>
internal sealed class WindowFilter
{
    private const int Places = NibbleTables.Places;
    private const int TooMany = 400;

    // What one set of tables lets through costs less than looking at a second one.
    private const double Rare = 1.0 / 300;

    private const uint AnyCase = 0x20202020;
    private const ulong AnyCases = 0x2020202020202020;

    private readonly NibbleTables? _tables;
    private readonly NibbleTables? _more;
    private readonly ulong[] _bitmap;
    private readonly int _shift;

    /// <param name="windows">The windows, see <see cref="At"/>.</param>
    public WindowFilter(IReadOnlyCollection<uint> windows)
    {
        var bits = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, windows.Count)) + 7, 14, 21);
        _shift = 32 - bits;
        _bitmap = new ulong[1 << (bits - 6)];
        foreach (var window in windows)
        {
            _bitmap[Hash(window) >> 6] |= 1UL << (int)(Hash(window) & 63);
        }

        if (windows.Count <= TooMany)
        {
            ByteRow[] rows = [.. windows.Order().Select(RowOf)];
            var buckets = new RowBuckets(rows, NibbleTables.Buckets);
            if (buckets.Frequency > Rare)
            {
                buckets = new RowBuckets(rows, 2 * NibbleTables.Buckets);
                _more = buckets.Tables(NibbleTables.Buckets);
            }

            _tables = buckets.Tables(0);
        }
    }

    /// <summary>The window that four bytes are, whatever their case.</summary>
    public static uint At(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes) | AnyCase;

    /// <summary>What may stand at the places of a window.</summary>
    public static ByteRow RowOf(uint window)
    {
        var row = default(ByteRow);
        for (var place = 0; place < Places; place++)
        {
            var value = (int)(window >> (place * 8)) & 0xFF;
            row.Add(place, value);
            row.Add(place, value & ~0x20);
        }

        return row;
    }

    /// <summary>The first offset from one on where a window may stand; one for which too few bytes follow if there is none.</summary>
    public int Next(ReadOnlySpan<byte> text, int at)
    {
        at = _tables is not null ? NextByTables(text, at) : NextByHash(text, at);
        ref var bytes = ref MemoryMarshal.GetReference(text);
        while (at <= text.Length - Places && !MayStand(ref bytes, at))
        {
            at++;
        }

        return at;
    }

    // Four windows are judged together.
    private int NextByHash(ReadOnlySpan<byte> text, int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        ref var bitmap = ref MemoryMarshal.GetArrayDataReference(_bitmap);
        var shift = _shift;
        for (var last = text.Length - 8; at <= last; at += 4)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at)) | AnyCases;
            var perhaps = Bit(ref bitmap, word, shift)
                | Bit(ref bitmap, word >> 8, shift)
                | Bit(ref bitmap, word >> 16, shift)
                | Bit(ref bitmap, word >> 24, shift);
            if ((perhaps & 1) != 0)
            {
                break;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(ref ulong bitmap, ulong word, int shift)
    {
        var hash = ((uint)word * 2654435761u) >> shift;
        return Unsafe.Add(ref bitmap, hash >> 6) >> (int)(hash & 63);
    }

    private int NextByTables(ReadOnlySpan<byte> text, int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        for (ulong perhaps; (perhaps = NibbleTables.Next(_tables!, _more, text, ref at)) != 0; at += NibbleTables.Judged(text.Length, at))
        {
            if (Confirm(ref bytes, at, perhaps) is >= 0 and var offset)
            {
                return offset;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Confirm(ref byte bytes, int at, ulong perhaps)
    {
        for (; perhaps != 0; perhaps &= perhaps - 1)
        {
            var offset = at + BitOperations.TrailingZeroCount(perhaps);
            if (MayStand(ref bytes, offset))
            {
                return offset;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayStand(ref byte bytes, int at)
    {
        var hash = Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at)) | AnyCase);
        return (_bitmap[hash >> 6] >> (int)(hash & 63) & 1) != 0;
    }

    private uint Hash(uint window) => (window * 2654435761u) >> _shift;
}
