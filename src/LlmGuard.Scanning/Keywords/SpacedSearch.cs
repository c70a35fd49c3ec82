using System.Numerics;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Finds keywords that are written letter by letter, as in <c>s e c r e t</c> or <c>s.e.c.r.e.t</c>. Stateless.</summary>
internal static class SpacedSearch
{
    /// <summary>Most bytes between two letters.</summary>
    public const int MaxGap = 3;

    private const int Width = 64;

    /// <summary>Finds all.</summary>
    /// <param name="trie">The keywords, without anything between their letters.</param>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether it ends there.</param>
    /// <param name="found">Receives offset, length and rule.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    /// <returns>The first offset where one could begin if the text went on; the length of the text if there is none.</returns>
    public static int Find(KeywordTrie trie, ReadOnlySpan<byte> text, bool isEnd, List<(int Start, int Length, int Rule)> found, ref long steps)
    {
        var open = text.Length;
        var at = 0;
        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            // One byte before and as many behind as tell whether another letter follows.
            for (; at + Width < text.Length; at += Width - MaxGap - 3)
            {
                var words = Words(text[at..]);
                var single = words & ~(words << 1) & ~(words >> 1);
                var follows = (single >> 2) | (single >> 3) | (single >> 4);
                var starts = single & follows & (ulong.MaxValue >> (MaxGap + 2)) & (at == 0 ? ulong.MaxValue : ~1UL);
                for (; starts != 0; starts &= starts - 1)
                {
                    open = Math.Min(open, FindAt(trie, text, at + BitOperations.TrailingZeroCount(starts), isEnd, found, ref steps));
                }
            }
        }

        for (at = Math.Max(0, at); at < text.Length; at++)
        {
            if (IsWord(text[at]) && (at == 0 || !IsWord(text[at - 1])))
            {
                open = Math.Min(open, FindAt(trie, text, at, isEnd, found, ref steps));
            }
        }

        return open;
    }

    private static int FindAt(
        KeywordTrie trie,
        ReadOnlySpan<byte> text,
        int start,
        bool isEnd,
        List<(int Start, int Length, int Rule)> found,
        ref long steps)
    {
        var (node, length, rule) = (0, 0, -1);
        var isOpen = false;
        for (var at = start; ;)
        {
            steps++;
            node = trie.Step(node, text[at]);
            if (node < 0 || (at + 1 < text.Length && IsWord(text[at + 1])))
            {
                break;
            }

            (length, rule) = trie.RuleAt(node) >= 0 ? (at + 1 - start, trie.RuleAt(node)) : (length, rule);
            var next = at + 1;
            while (next < text.Length && next - at <= MaxGap && !IsWord(text[next]))
            {
                next++;
            }

            if (next == text.Length)
            {
                isOpen = !isEnd;
                break;
            }

            if (!IsWord(text[next]))
            {
                break;
            }

            at = next;
        }

        if (isOpen)
        {
            return start;
        }

        if (length > 0)
        {
            found.Add((start, length, rule));
        }

        return text.Length;
    }

    private static bool IsWord(byte b) => b >= 0x80 || AsciiByte.IsAlphanumeric(b);

    private static ulong Words(ReadOnlySpan<byte> text)
    {
        var mask = 0UL;
        for (var part = 0; part < Width / 16; part++)
        {
            var bytes = Vector128.Create(text[(part * 16)..]);
            var isLetter =
                Vector128.LessThanOrEqual((bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)25));
            var isDigit = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9));
            mask |= (ulong)(isLetter | isDigit | bytes).ExtractMostSignificantBits() << (part * 16);
        }

        return mask;
    }
}
