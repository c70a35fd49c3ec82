namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>What a value looks like: the counts by which a random string is told from words, paths and placeholders.</summary>
internal readonly record struct ValueShape(int Length, int Digits, int Uppers, int Lowers, int Others, int Distinct, double Entropy, int LongestRun, int LongestSequence, int Changes)
{
    private const int Most = 256;

    /// <summary>Whether there is a letter and a digit.</summary>
    public bool IsMixed => Digits > 0 && Uppers + Lowers > 0;

    /// <summary>Whether one character, or a few, are repeated: <c>xxxx</c>, <c>0000-0000</c>, <c>aaaaaaa1111111</c>.</summary>
    public bool IsRepetitive => Length >= 8 && (Distinct < 4 || LongestRun * 2 > Length || (Length >= 20 && Entropy < 2.4));

    /// <summary>Whether characters follow each other as in an alphabet: <c>abcdefghij</c>, <c>0123456789</c>.</summary>
    public bool IsSequence => Length >= 8 && LongestSequence * 2 > Length;

    /// <summary>Counts the characters of a value; of a long one those at its start.</summary>
    public static ValueShape Of(ReadOnlySpan<byte> value)
    {
        Span<byte> counts = stackalloc byte[256];
        counts.Clear();
        value = value[..Math.Min(value.Length, Most - 1)];
        var (digits, uppers, lowers, run, longestRun, sequence, longestSequence, changes) = (0, 0, 0, 0, 0, 0, 0, 0);
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            counts[b]++;
            digits += AsciiByte.IsDigit(b) ? 1 : 0;
            uppers += AsciiByte.IsUpper(b) ? 1 : 0;
            lowers += AsciiByte.IsLower(b) ? 1 : 0;
            run = i > 0 && b == value[i - 1] ? run + 1 : 1;
            sequence = i > 0 && b == value[i - 1] + 1 ? sequence + 1 : 1;
            longestRun = Math.Max(longestRun, run);
            longestSequence = Math.Max(longestSequence, sequence);
            changes += i > 0 && KindOf(b) != KindOf(value[i - 1]) ? 1 : 0;
        }

        var (distinct, entropy) = (0, 0.0);
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / value.Length;
                distinct++;
                entropy -= share * Math.Log2(share);
            }
        }

        return new ValueShape(value.Length, digits, uppers, lowers, value.Length - digits - uppers - lowers, distinct, entropy, longestRun, longestSequence, changes);
    }

    private static int KindOf(byte b) => AsciiByte.IsDigit(b) ? 1 : AsciiByte.IsUpper(b) ? 2 : AsciiByte.IsLower(b) ? 3 : 4;
}
