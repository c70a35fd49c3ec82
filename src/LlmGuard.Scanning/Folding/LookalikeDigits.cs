namespace LlmGuard.Scanning.Folding;

/// <summary>Digits that stand for letters, as in <c>b0mb</c>.</summary>
internal static class LookalikeDigits
{
    private const uint Letters = (1u << 26) - 1;

    // By letter of ASCII; nothing stands for a null.
    private static readonly string[] Digits =
        [.. Enumerable.Range(0, 0x80).Select(static letter => string.Concat("0123456789".Where(digit => StandsFor(digit, letter))))];

    /// <summary>Whether a word may hold both letters and digits.</summary>
    public static bool AnyMixed(uint mask) => (mask & Letters) != 0 && (mask & ~Letters) != 0;

    /// <summary>Whether a word is spelt like a pattern when its digits are read as letters.</summary>
    public static bool Spell(ReadOnlySpan<int> word, ReadOnlySpan<int> pattern)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] != pattern[i] && !StandsFor(word[i], pattern[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The digits that stand for a letter.</summary>
    public static ReadOnlySpan<char> For(int letter) => Digits[(uint)letter < Digits.Length ? letter : 0];

    private static bool StandsFor(int digit, int letter) => (digit, letter) is
        ('0', 'o') or ('1', 'i' or 'l') or ('3', 'e') or ('4', 'a') or ('5', 's') or ('6', 'g') or ('7', 't') or ('8', 'b') or ('9', 'g');
}
