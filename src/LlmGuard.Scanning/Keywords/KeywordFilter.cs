using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Tells where one of many keywords may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Of every keyword the four bytes in a row that are rarest in text stand for it. Tables of halves of bytes judge 16 or 32 offsets at once
/// (<see cref="SimdLevel"/>), and a bitmap of hashes what is left; from some hundred keywords on the tables let everything pass and only the bitmap
/// is asked. Case is not looked at.
/// </remarks>
internal sealed class KeywordFilter
{
    private const int Places = 4;
    private const int Buckets = 8;
    private const int FewKeywords = 300;
    private const uint AnyCase = 0x20202020;

    private readonly Vector128<byte>[] _lower = new Vector128<byte>[Places];
    private readonly Vector128<byte>[] _upper = new Vector128<byte>[Places];
    private readonly bool _isSimd;
    private readonly ulong[] _bitmap;
    private readonly int _shift;
    private readonly Dictionary<uint, int[]> _distances = [];

    /// <param name="keywords">The bytes of keywords of at least four.</param>
    public KeywordFilter(IReadOnlyCollection<byte[]> keywords)
    {
        var bits = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, keywords.Count)) + 7, 14, 21);
        _shift = 32 - bits;
        _bitmap = new ulong[1 << (bits - 6)];
        _isSimd = keywords.Count <= FewKeywords;
        var windows = new Dictionary<uint, SortedSet<int>>();
        foreach (var keyword in keywords)
        {
            var distance = ByteRarity.RarestWindow(keyword, Places);
            var window = Window(keyword.AsSpan(distance));
            ref var distances = ref CollectionsMarshal.GetValueRefOrAddDefault(windows, window, out _);
            (distances ??= []).Add(distance);
            _bitmap[Hash(window) >> 6] |= 1UL << (int)(Hash(window) & 63);
        }

        foreach (var (window, distances) in windows)
        {
            _distances[window] = [.. distances];
        }

        if (_isSimd)
        {
            BuildTables([.. windows.Keys.Order()]);
        }
    }

    /// <summary>The next window at an offset or behind it that stands for a keyword.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset.</param>
    /// <param name="distances">How many bytes before the window the keywords begin.</param>
    /// <returns>The offset of the window; the length of the text if there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, int at, out int[] distances)
    {
        while (at <= text.Length - Places)
        {
            at = _isSimd ? Skip(text, at) : SkipByHash(text, at);
            if (at > text.Length - Places)
            {
                break;
            }

            if (_distances.TryGetValue(Window(text[at..]), out distances!))
            {
                return at;
            }

            at++;
        }

        distances = [];
        return text.Length;
    }

    private int SkipByHash(ReadOnlySpan<byte> text, int at)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        for (; at <= text.Length - Places; at++)
        {
            if (MayStand(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at)) | AnyCase))
            {
                break;
            }
        }

        return at;
    }

    private int Skip(ReadOnlySpan<byte> text, int at)
    {
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            at = Skip256(text, at, out var isFound);
            if (isFound)
            {
                return at;
            }
        }
        else if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            at = Skip128(text, at, out var isFound);
            if (isFound)
            {
                return at;
            }
        }

        return SkipByHash(text, at);
    }

    private int Skip256(ReadOnlySpan<byte> text, int at, out bool isFound)
    {
        var (l0, l1, l2, l3) = (Wide(_lower[0]), Wide(_lower[1]), Wide(_lower[2]), Wide(_lower[3]));
        var (u0, u1, u2, u3) = (Wide(_upper[0]), Wide(_upper[1]), Wide(_upper[2]), Wide(_upper[3]));
        for (; at <= text.Length - Vector256<byte>.Count - Places + 1; at += Vector256<byte>.Count)
        {
            var window = text.Slice(at, Vector256<byte>.Count + Places - 1);
            var found = Place(Vector256.Create(window), l0, u0) & Place(Vector256.Create(window[1..]), l1, u1)
                & Place(Vector256.Create(window[2..]), l2, u2) & Place(Vector256.Create(window[3..]), l3, u3);
            for (var perhaps = ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits(); perhaps != 0; perhaps &= perhaps - 1)
            {
                var offset = BitOperations.TrailingZeroCount(perhaps);
                if (MayStand(Window(window[offset..])))
                {
                    isFound = true;
                    return at + offset;
                }
            }
        }

        isFound = false;
        return at;
    }

    private int Skip128(ReadOnlySpan<byte> text, int at, out bool isFound)
    {
        for (; at <= text.Length - Vector128<byte>.Count - Places + 1; at += Vector128<byte>.Count)
        {
            var window = text.Slice(at, Vector128<byte>.Count + Places - 1);
            var found = Place(Vector128.Create(window), 0) & Place(Vector128.Create(window[1..]), 1)
                & Place(Vector128.Create(window[2..]), 2) & Place(Vector128.Create(window[3..]), 3);
            for (var perhaps = ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF; perhaps != 0; perhaps &= perhaps - 1)
            {
                var offset = BitOperations.TrailingZeroCount(perhaps);
                if (MayStand(Window(window[offset..])))
                {
                    isFound = true;
                    return at + offset;
                }
            }
        }

        isFound = false;
        return at;
    }

    private Vector128<byte> Place(Vector128<byte> bytes, int place) =>
        Vector128.Shuffle(_lower[place], bytes & Vector128.Create((byte)0x0F)) & Vector128.Shuffle(_upper[place], bytes >>> 4);

    private static Vector256<byte> Place(Vector256<byte> bytes, Vector256<byte> lower, Vector256<byte> upper) =>
        Avx2.Shuffle(lower, bytes & Vector256.Create((byte)0x0F)) & Avx2.Shuffle(upper, bytes >>> 4);

    private static Vector256<byte> Wide(Vector128<byte> table) => Vector256.Create(table, table);

    private bool MayStand(uint window)
    {
        var hash = Hash(window);
        return (_bitmap[hash >> 6] >> (int)(hash & 63) & 1) != 0;
    }

    private uint Hash(uint window) => (window * 2654435761u) >> _shift;

    private static uint Window(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes) | AnyCase;

    // Windows that are alike share a bucket, so that a bucket stands for few others than those that are meant.
    private void BuildTables(uint[] windows)
    {
        var (lower, upper) = (new byte[Places, 16], new byte[Places, 16]);
        for (var i = 0; i < windows.Length; i++)
        {
            var bucket = (byte)(1 << (int)((long)i * Buckets / windows.Length));
            for (var place = 0; place < Places; place++)
            {
                var value = (byte)(windows[i] >> (place * 8));
                foreach (var variant in new[] { value, (byte)(value & ~0x20) })
                {
                    lower[place, variant & 0xF] |= bucket;
                    upper[place, variant >> 4] |= bucket;
                }
            }
        }

        for (var place = 0; place < Places; place++)
        {
            _lower[place] = Row(lower, place);
            _upper[place] = Row(upper, place);
        }
    }

    private static Vector128<byte> Row(byte[,] table, int place) => Vector128.Create([.. Enumerable.Range(0, 16).Select(i => table[place, i])]);
}
