namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>What a value looks like: the counts by which a random string is told from words, paths and placeholders.</summary>
internal readonly record struct ValueShape(int Length, int Digits, int Uppers, int Lowers, int Others, int Distinct, double Entropy, int LongestRun,
    int LongestSequence, int Sequenced, int Changes, byte Commonest, int CommonestCount)
{
    private const int Longest = 256;

    /// <summary>Whether there is a letter and a digit.</summary>
    public bool IsMixed => Digits > 0 && Uppers + Lowers > 0;

    /// <summary>Whether one character, or a few, are repeated: <c>xxxx</c>, <c>0000-0000</c>, <c>aaaaaaa1111111</c>.</summary>
    public bool IsRepetitive => Length >= 8 && (Distinct < 4 || LongestRun * 2 > Length || (Length >= 20 && Entropy < 2.7));

    /// <summary>Whether it is what people write in the place of a key: <c>xxxx-xxxx</c>, <c>0000</c>.</summary>
    public bool IsMasked => Length >= 8 && CommonestCount * 2 > Length && Commonest is (byte)'x' or (byte)'X' or (byte)'0' or (byte)'1' or (byte)'*'
        or (byte)'#' or (byte)'.' or (byte)'_' or (byte)'-';

    /// <summary>Whether characters follow each other as in an alphabet, in whatever case: <c>abcdefghij</c>, <c>0123456789</c>.</summary>
    public bool IsSequence => Length >= 8 && (LongestSequence * 2 > Length || LongestSequence >= 20);

    /// <summary>How much of it is in such rows of at least four speaks for somebody who made it up: none 0, some 1, most 2.</summary>
    public int MadeUp => Sequenced * 2 > Length || LongestSequence >= 12 ? 2 : LongestSequence >= 6 ? 1 : 0;

    /// <summary>Counts the characters of a value; of a long one those at its start.</summary>
    public static ValueShape Of(ReadOnlySpan<byte> value)
    {
        Span<byte> counts = stackalloc byte[256];
        counts.Clear();
        value = value[..Math.Min(value.Length, Longest - 1)];
        var (digits, uppers, lowers, run, longestRun, sequence, longestSequence, sequenced, changes) = (0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            counts[b]++;
            digits += AsciiByte.IsDigit(b) ? 1 : 0;
            uppers += AsciiByte.IsUpper(b) ? 1 : 0;
            lowers += AsciiByte.IsLower(b) ? 1 : 0;
            run = i > 0 && b == value[i - 1] ? run + 1 : 1;
            sequence = i > 0 && ((b | 0x20) == (value[i - 1] | 0x20) + 1 || IsOtherCase(b, value[i - 1])) ? sequence + 1 : 1;
            sequenced += sequence == 4 ? 4 : sequence > 4 ? 1 : 0;
            longestRun = Math.Max(longestRun, run);
            longestSequence = Math.Max(longestSequence, sequence);
            changes += i > 0 && KindOf(b) != KindOf(value[i - 1]) ? 1 : 0;
        }

        var (distinct, entropy) = (0, 0.0);
        var (commonest, most) = (0, 0);
        for (var b = 0; b < counts.Length; b++)
        {
            var count = counts[b];
            if (count > 0)
            {
                (commonest, most) = count > most ? (b, count) : (commonest, most);
                var share = (double)count / value.Length;
                distinct++;
                entropy -= share * Math.Log2(share);
            }
        }

        return new ValueShape(value.Length, digits, uppers, lowers, value.Length - digits - uppers - lowers, distinct, entropy, longestRun,
            longestSequence, sequenced, changes, (byte)commonest, most);
    }

    // "aAbBcC" is an alphabet too.
    private static bool IsOtherCase(byte b, byte before) => (b ^ before) == 0x20 && AsciiByte.IsLetter(b);

    private static int KindOf(byte b) => AsciiByte.IsDigit(b) ? 1 : AsciiByte.IsUpper(b) ? 2 : AsciiByte.IsLower(b) ? 3 : 4;
}
