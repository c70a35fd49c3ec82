using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Tells quickly that the name before an offset is none of a secret. Says "perhaps" too often and "no" never wrongly.</summary>
/// <remarks>
/// Programs assign all the time, and hardly ever a secret. Which of the bytes before may begin a word is seen for all at once; a bitmap of their
/// first letters passes over words that are not known, and the few that count at the end of a longer one are looked for where two letters begin one.
/// </remarks>
internal sealed class SecretNameHints
{
    private const ulong AnyCase = 0x2020_2020_2020_2020;
    private const int Letters = 8;
    private const int Shift = 64 - 14;

    private static readonly Vector512<byte> LowerEnds = Ends(0);

    private static readonly Vector512<byte> UpperEnds = Ends(Bytes64.Count);

    private readonly WordHints _hints;
    private readonly WordHints _suffixes;
    private readonly byte[] _letters;
    private readonly byte[] _suffixLetters;
    private readonly byte[] _suffixSeconds;
    private readonly ulong[] _bitmap = new ulong[1 << (64 - Shift - 6)];

    /// <param name="words">The words, in lower case, of which a name has at least one, unless a word of it ends with one of
    /// <paramref name="suffixes"/>.</param>
    /// <param name="suffixes">Ends of words, in lower case.</param>
    public SecretNameHints(IReadOnlyList<string> words, IReadOnlyList<string> suffixes)
    {
        _hints = new WordHints(words.Where(static word => word.Length > 1));
        _letters = [.. words.Where(static word => word.Length == 1).Select(static word => (byte)word[0])];
        _suffixes = new WordHints(suffixes);
        _suffixLetters = [.. suffixes.Select(static suffix => (byte)suffix[0]).Distinct()];
        _suffixSeconds = [.. suffixes.Select(static suffix => (byte)suffix[1]).Distinct()];
        foreach (var word in words)
        {
            var first = 0UL;
            for (var i = 0; i < Math.Min(Letters, word.Length); i++)
            {
                first |= (ulong)word[i] << (8 * i);
            }

            var hash = Hash(first);
            _bitmap[hash >> 6] |= 1UL << (int)hash;
        }
    }

    /// <summary>Whether what stands before an offset may name a secret.</summary>
    /// <param name="text">The text, of which 64 bytes before the offset are known, or all there are.</param>
    /// <param name="at">The offset.</param>
    public bool MayName(ReadOnlySpan<byte> text, int at)
    {
        Span<byte> copy = stackalloc byte[Bytes64.Count];
        ref var before = ref Bytes64.Before(text, at, copy);

        // What certainly ends a name; some of it may stand between a name and what announces the value.
        var ends = EndsIn(ref before);
        var name = ends == 0 ? ulong.MaxValue : ~(ulong.MaxValue >> BitOperations.LeadingZeroCount(ends));
        if ((name & Bytes64.Any(ref before, _suffixLetters) & (Bytes64.Any(ref before, _suffixSeconds) >> 1)) is > 0 and var suffixes
            && _suffixes.In(ref before, suffixes) != 0)
        {
            return true;
        }

        // As SecretNames parts a name into words.
        var (letters, capitals) = (Bytes64.Letters(ref before), Bytes64.Capitals(ref before));
        var small = letters & ~capitals;
        var starts = letters & name & (~(letters << 1) | (capitals & ((small << 1) | ((capitals << 1) & (small >> 1)))));
        var single = starts & Bytes64.Any(ref before, _letters);
        starts &= _hints.AtOnce(ref before) | single;
        for (; starts != 0; starts &= starts - 1)
        {
            var start = BitOperations.TrailingZeroCount(starts);
            var ofCapitals = BitOperations.TrailingZeroCount(~(capitals >> start));
            var isSmallNext = start + ofCapitals < Bytes64.Count && (small >> (start + ofCapitals) & 1) != 0;
            var length = ofCapitals <= 1 ? ofCapitals + BitOperations.TrailingZeroCount(~(small >> start >> ofCapitals))
                : isSmallNext ? ofCapitals - 1 : ofCapitals;
            var first = Bytes64.From(ref before, start) | AnyCase;
            var hash = Hash(length >= Letters ? first : first & ((1UL << (8 * length)) - 1));
            if ((_bitmap[hash >> 6] >> (int)hash & 1) != 0 && (_hints.In(ref before, 1UL << start) | (single >> start & 1)) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong EndsIn(ref byte before)
    {
        if (Avx512Vbmi.IsSupported)
        {
            var bytes = Vector512.LoadUnsafe(ref before);
            return Vector512.AndNot(Avx512Vbmi.PermuteVar64x8x2(LowerEnds, bytes, UpperEnds), bytes).ExtractMostSignificantBits();
        }

        var lower = EndsIn(Vector256.LoadUnsafe(ref before));
        return lower | ((ulong)EndsIn(Vector256.LoadUnsafe(ref before, (nuint)Vector256<byte>.Count)) << Vector256<byte>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EndsIn(Vector256<byte> bytes)
    {
        // Of two that differ by one bit only.
        var (bracket, angle) = (bytes | Vector256<byte>.One, bytes | Vector256.Create((byte)2));
        return (Vector256.Equals(bytes, Vector256.Create((byte)'\n')) | Vector256.Equals(bracket, Vector256.Create((byte)')'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'{')) | Vector256.Equals(bytes, Vector256.Create((byte)'}'))
            | Vector256.Equals(bytes, Vector256.Create((byte)';')) | Vector256.Equals(bytes, Vector256.Create((byte)','))
            | Vector256.Equals(angle, Vector256.Create((byte)'>'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'/'))).ExtractMostSignificantBits();
    }

    // The highest bit is set for what ends a name.
    private static Vector512<byte> Ends(int first) =>
        Vector512.Create([.. Enumerable.Range(first, Bytes64.Count).Select(static character =>
            "\n(){};,<>/".Contains((char)character, StringComparison.Ordinal) ? (byte)0x80 : (byte)0)]);

    private static uint Hash(ulong first) => (uint)(first * 0x9E3779B97F4A7C15 >> Shift);
}
