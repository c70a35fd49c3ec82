using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Tells where one of many windows of four bytes may stand, without regard to case. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Tables of halves of bytes judge 16 or 32 offsets at once (<see cref="NibbleTables"/>), and a bitmap of hashes what is left. From some hundred windows on
/// the tables would let everything pass, and only the bitmap is asked.
/// </remarks>
internal sealed class WindowFilter
{
    private const int Places = NibbleTables.Places;
    private const int Few = 150;
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
            var buckets = new WindowBuckets(windows, NibbleTables.Buckets);
            buckets = buckets.Frequency <= Rare ? buckets : new WindowBuckets(windows, 2 * NibbleTables.Buckets);
            _tables = new NibbleTables(buckets.Sets(0));
            _more = buckets.Count > NibbleTables.Buckets ? new NibbleTables(buckets.Sets(NibbleTables.Buckets)) : null;
        }
    }

    /// <summary>The window that four bytes are, whatever their case.</summary>
    public static uint At(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes) | AnyCase;

    /// <summary>The first offset from one on where a window may stand; one for which too few bytes follow if there is none.</summary>
    public int Next(ReadOnlySpan<byte> text, int at)
    {
        at = _more is not null ? NextOfMany(text, at) : _tables is not null ? NextOfFew(text, at) : NextByHash(text, at);
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
            var perhaps = Bit(ref bitmap, word, shift) | Bit(ref bitmap, word >> 8, shift) | Bit(ref bitmap, word >> 16, shift) | Bit(ref bitmap, word >> 24, shift);
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

    private int NextOfFew(ReadOnlySpan<byte> text, int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        for (uint perhaps; (perhaps = _tables!.Next(text, ref at)) != 0; at += NibbleTables.Judged(text.Length, at))
        {
            if (Confirm(ref bytes, at, perhaps) is >= 0 and var offset)
            {
                return offset;
            }
        }

        return at;
    }

    /// <remarks>Optimised from the first call on: a long text without a candidate is one call, which tiered compilation would take for a rare one.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int NextOfMany(ReadOnlySpan<byte> text, int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            for (var last = text.Length - Vector256<byte>.Count - Places + 1; at <= last; at += Vector256<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, at);
                var found = _tables!.Judge256(ref here) | _more!.Judge256(ref here);
                if (found != Vector256<byte>.Zero
                    && Confirm(ref bytes, at, ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits()) is >= 0 and var offset)
                {
                    return offset;
                }
            }
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            for (var last = text.Length - Vector128<byte>.Count - Places + 1; at <= last; at += Vector128<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, at);
                var found = _tables!.Judge128(ref here) | _more!.Judge128(ref here);
                if (found != Vector128<byte>.Zero
                    && Confirm(ref bytes, at, ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF) is >= 0 and var offset)
                {
                    return offset;
                }
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Confirm(ref byte bytes, int at, uint perhaps)
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
