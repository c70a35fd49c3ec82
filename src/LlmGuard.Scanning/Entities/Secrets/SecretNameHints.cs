using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Tells quickly that the name before an offset is none of a secret. Says "perhaps" too often and "no" never wrongly.</summary>
/// <remarks>
/// Programs assign all the time, and hardly ever a secret. Which of the bytes before may begin a word is seen for all at once; a bitmap of their
/// first letters passes over words that are not known, and the few that count at the end of a longer one are looked for everywhere.
/// </remarks>
internal sealed class SecretNameHints
{
    private const int Width = 64;
    private const int Letters = 8;
    private const int Shift = 64 - 14;

    private static readonly Vector512<byte> LowerEnds = Ends(0);

    private static readonly Vector512<byte> UpperEnds = Ends(Width);

    private readonly WordHints _hints;
    private readonly WordHints _suffixes;
    private readonly byte[] _letters;
    private readonly byte[] _suffixLetters;
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
        Vector512<byte> before;
        if (at >= Width)
        {
            before = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)(at - Width));
        }
        else
        {
            Span<byte> start = stackalloc byte[Width];
            start[..(Width - at)].Clear();
            text[..at].CopyTo(start[(Width - at)..]);
            before = Vector512.Create<byte>(start);
        }

        // What certainly ends a name; some of it may stand between a name and what announces the value.
        var ends = EndsOf(before).ExtractMostSignificantBits();
        var name = ends == 0 ? ulong.MaxValue : ~(ulong.MaxValue >> BitOperations.LeadingZeroCount(ends));
        var folded = before | Vector512.Create((byte)0x20);
        if (_suffixes.In(before, name & LettersIn(folded, _suffixLetters)) != 0)
        {
            return true;
        }

        // As SecretNames parts a name into words.
        var letters = Vector512.LessThanOrEqual(folded - Vector512.Create((byte)'a'), Vector512.Create((byte)25)).ExtractMostSignificantBits();
        var capitals = Vector512.LessThanOrEqual(before - Vector512.Create((byte)'A'), Vector512.Create((byte)25)).ExtractMostSignificantBits();
        var small = letters & ~capitals;
        var starts = letters & name & (~(letters << 1) | (capitals & ((small << 1) | ((capitals << 1) & (small >> 1)))));
        starts &= _hints.In(before, starts) | LettersIn(folded, _letters);
        if (starts == 0)
        {
            return false;
        }

        Span<byte> lower = stackalloc byte[Width + Letters];
        folded.StoreUnsafe(ref MemoryMarshal.GetReference(lower));
        for (; starts != 0; starts &= starts - 1)
        {
            var start = BitOperations.TrailingZeroCount(starts);
            var ofCapitals = BitOperations.TrailingZeroCount(~(capitals >> start));
            var isSmallNext = start + ofCapitals < Width && (small >> (start + ofCapitals) & 1) != 0;
            var length = ofCapitals <= 1 ? ofCapitals + BitOperations.TrailingZeroCount(~(small >> start >> ofCapitals))
                : isSmallNext ? ofCapitals - 1 : ofCapitals;
            var first = BinaryPrimitives.ReadUInt64LittleEndian(lower[start..]);
            var hash = Hash(length >= Letters ? first : first & ((1UL << (8 * length)) - 1));
            if ((_bitmap[hash >> 6] >> (int)hash & 1) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static Vector512<byte> EndsOf(Vector512<byte> bytes) => Avx512Vbmi.IsSupported
        ? Vector512.AndNot(Avx512Vbmi.PermuteVar64x8x2(LowerEnds, bytes, UpperEnds), bytes)
        : Is(bytes, '\n') | Is(bytes, '(') | Is(bytes, ')') | Is(bytes, '{') | Is(bytes, '}') | Is(bytes, ';') | Is(bytes, ',') | Is(bytes,
            '<') | Is(bytes, '>') | Is(bytes, '/');

    // The highest bit is set for what ends a name.
    private static Vector512<byte> Ends(int first) =>
        Vector512.Create([.. Enumerable.Range(first, Width).Select(static character =>
            "\n(){};,<>/".Contains((char)character, StringComparison.Ordinal) ? (byte)0x80 : (byte)0)]);

    private static Vector512<byte> Is(Vector512<byte> bytes, char character) => Vector512.Equals(bytes, Vector512.Create((byte)character));

    // Words of one letter begin like too many others; and all suffixes begin with one of a few letters.
    private static ulong LettersIn(Vector512<byte> folded, byte[] letters)
    {
        var found = Vector512<byte>.Zero;
        foreach (var letter in letters)
        {
            found |= Vector512.Equals(folded, Vector512.Create(letter));
        }

        return found.ExtractMostSignificantBits();
    }

    private static uint Hash(ulong first) => (uint)(first * 0x9E3779B97F4A7C15 >> Shift);
}
