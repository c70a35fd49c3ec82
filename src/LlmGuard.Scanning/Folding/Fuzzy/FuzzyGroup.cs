using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>The patterns of one length, with their masks side by side.</summary>
internal sealed class FuzzyGroup
{
    private static readonly Vector256<byte> BitsOfHalves =
        Vector256.Create([.. Enumerable.Range(0, 32).Select(static i => (byte)BitOperations.PopCount((uint)i & 0xF))]);

    private readonly uint[] _masks;
    private readonly FuzzyPattern[] _patterns;

    public FuzzyGroup(int length, FuzzyPattern[] patterns, Func<int, bool> hasSlack, Func<int, bool> begins)
    {
        Length = length;
        _patterns = patterns;
        _masks = [.. patterns.Select(p => p.Mask)];
        HasSlack = patterns.Any(p => hasSlack(p.Word));
        Begins = patterns.Any(p => begins(p.Word));
        IsAscii = Array.TrueForAll(patterns, static p => !p.CodePoints.ContainsAnyExceptInRange(0, 0x7F));
    }

    /// <summary>Length of each pattern in code points.</summary>
    public int Length { get; }

    /// <summary>Whether any of the words may differ by one edit within a phrase.</summary>
    public bool HasSlack { get; }

    /// <summary>Whether any of the words is a keyword or begins one.</summary>
    public bool Begins { get; }

    /// <summary>Whether the words consist of ASCII.</summary>
    public bool IsAscii { get; }

    /// <summary>The patterns.</summary>
    public ReadOnlySpan<FuzzyPattern> Patterns => _patterns;

    /// <summary>The first pattern, from one on, of which a word differs in few characters; the number of patterns if there is none.</summary>
    /// <param name="from">The number to start at.</param>
    /// <param name="mask">Which characters occur in the word, see <see cref="WordReader.Bit"/>.</param>
    /// <param name="most">In how many of them the two may differ.</param>
    public int NextLike(int from, uint mask, int most)
    {
        var masks = _masks;
        var at = from;
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            var (word, limit, half) = (Vector256.Create(mask), Vector256.Create(most), Vector256.Create((byte)0x0F));
            for (; at <= masks.Length - Vector256<uint>.Count; at += Vector256<uint>.Count)
            {
                var differing = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(masks), (nuint)at) ^ word;
                var counts = Avx2.Shuffle(BitsOfHalves, differing.AsByte() & half) + Avx2.Shuffle(BitsOfHalves, (differing >>> 4).AsByte() & half);

                // The product has the sum of the four bytes in its highest.
                var sums = ((counts.AsUInt32() * 0x01010101u) >>> 24).AsInt32();
                if (Vector256.LessThanOrEqual(sums, limit).ExtractMostSignificantBits() is not 0 and var found)
                {
                    return at + BitOperations.TrailingZeroCount(found);
                }
            }
        }

        while (at < masks.Length && BitOperations.PopCount(mask ^ masks[at]) > most)
        {
            at++;
        }

        return at;
    }
}
