using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Tells where one of some keywords may begin that are too short for a window, by their first two bytes. Says "perhaps" too often and "no" never
/// wrongly. Immutable.
/// </summary>
/// <remarks>Most begin with a quote or a bracket, which stand in every text; what such a sign is followed by hardly any text has.</remarks>
internal sealed class ShortKeywords
{
    private readonly SearchValues<byte> _firsts;
    private readonly ByteBuckets _first, _second;

    /// <param name="keywords">The bytes of keywords.</param>
    /// <param name="map">What the bytes of a text are read as; the keywords are made of such.</param>
    public ShortKeywords(IReadOnlyCollection<byte[]> keywords, byte[] map)
    {
        byte[] firsts = [.. keywords.Select(k => k[0]).Distinct().Order()];
        var (first, second) = (new byte[256], new byte[256]);
        foreach (var keyword in keywords)
        {
            var bucket = (byte)(1 << (Array.IndexOf(firsts, keyword[0]) % ByteBuckets.Count));
            for (var value = 0; value < map.Length; value++)
            {
                first[value] |= map[value] == keyword[0] ? bucket : (byte)0;
                second[value] |= keyword.Length == 1 || map[value] == keyword[1] ? bucket : (byte)0;
            }
        }

        (_first, _second, IsEmpty) = (new ByteBuckets(first), new ByteBuckets(second), firsts.Length == 0);
        _firsts = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => firsts.Contains(map[b])).Select(b => (byte)b)]);
    }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty { get; }

    /// <summary>Adds the offsets where a keyword may begin to a list, also where the text ends before it does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindStarts(ReadOnlySpan<byte> text, List<int> starts)
    {
        var at = 0;
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            var (first, second) = (_first, _second);
            ref var bytes = ref MemoryMarshal.GetReference(text);
            for (; at < text.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                ref var here = ref Unsafe.Add(ref bytes, at);
                var none = Vector256.Equals(first.Of32(ref here) & second.Of32(ref Unsafe.Add(ref here, 1)), Vector256<byte>.Zero);
                for (var left = ~none.ExtractMostSignificantBits(); left != 0; left &= left - 1)
                {
                    starts.Add(at + BitOperations.TrailingZeroCount(left));
                }
            }
        }

        for (; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(_firsts);
            if (next < 0)
            {
                return;
            }

            at += next;
            starts.Add(at);
        }
    }
}
