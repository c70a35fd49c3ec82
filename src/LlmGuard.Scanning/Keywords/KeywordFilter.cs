using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Tells where one of many keywords may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Of every keyword the four bytes in a row that are rarest in text stand for it. Tables of halves of bytes judge 16 or 32 offsets at once
/// (<see cref="NibbleTables"/>), and a bitmap of hashes what is left; from some hundred keywords on the tables let everything pass and only the bitmap
/// is asked. Case is not looked at.
/// </remarks>
internal sealed class KeywordFilter
{
    private const int Places = NibbleTables.Places;
    private const int FewKeywords = 300;
    private const uint AnyCase = 0x20202020;

    private readonly NibbleTables? _tables;
    private readonly ulong[] _bitmap;
    private readonly int _shift;
    private readonly Dictionary<uint, int[]> _distances = [];

    /// <param name="keywords">The bytes of keywords of at least four.</param>
    public KeywordFilter(IReadOnlyCollection<byte[]> keywords)
    {
        var bits = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, keywords.Count)) + 7, 14, 21);
        _shift = 32 - bits;
        _bitmap = new ulong[1 << (bits - 6)];
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

        if (keywords.Count <= FewKeywords)
        {
            _tables = Tables([.. windows.Keys.Order()]);
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
            at = _tables is not null ? Skip(text, at) : SkipByHash(text, at);
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
        for (uint perhaps; (perhaps = _tables!.Next(text, ref at)) != 0; at += NibbleTables.Judged(text.Length, at))
        {
            for (; perhaps != 0; perhaps &= perhaps - 1)
            {
                var offset = at + BitOperations.TrailingZeroCount(perhaps);
                if (MayStand(Window(text[offset..])))
                {
                    return offset;
                }
            }
        }

        return SkipByHash(text, at);
    }

    private bool MayStand(uint window)
    {
        var hash = Hash(window);
        return (_bitmap[hash >> 6] >> (int)(hash & 63) & 1) != 0;
    }

    private uint Hash(uint window) => (window * 2654435761u) >> _shift;

    private static uint Window(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes) | AnyCase;

    // Windows that are alike share a bucket, so that a bucket stands for few others than those that are meant.
    private static NibbleTables Tables(uint[] windows)
    {
        byte[][] buckets = [.. Enumerable.Range(0, Places).Select(_ => new byte[256])];
        for (var i = 0; i < windows.Length; i++)
        {
            var bucket = (byte)(1 << (int)((long)i * NibbleTables.Buckets / windows.Length));
            for (var place = 0; place < Places; place++)
            {
                var value = (byte)(windows[i] >> (place * 8));
                buckets[place][value] |= bucket;
                buckets[place][value & ~0x20] |= bucket;
            }
        }

        return new NibbleTables(buckets);
    }
}
