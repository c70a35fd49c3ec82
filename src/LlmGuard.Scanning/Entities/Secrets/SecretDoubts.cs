using System.Buffers;
using LlmGuard.Scanning.Entities.Secrets.Keys;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// Counts what speaks against a value being a secret that somebody uses. Doubts lower the confidence of a match instead of dropping it, so a policy
/// may ask for it.
/// </summary>
internal static class SecretDoubts
{
    // A row of one character stands in one of a million random keys and in many made-up ones.
    private const int LongRun = 5;

    // What a dozen different characters have: what holds less is a name, a version or a number as often as a key.
    private const int LeastBits = 40;

    private const int LongestAccessKey = 40;

    private const int LongestChosen = 28;

    // Shorter prefixes, and words, are not one vendor's only.
    private const int OwnPrefix = 4;

    public static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static readonly string[] Shared = ["key-", "live_", "test_", "api-", "sdk-", "mob-", "oauth:", "secret_"];

    private static readonly KeyFormat[] Prefixed =
        [.. VendorKeys.Stripe.Concat(VendorKeys.Others).Where(format =>
            format.Prefix.Length >= OwnPrefix && !Shared.Contains(System.Text.Encoding.ASCII.GetString(format.Prefix)))];

    /// <summary>The confidence that is left: one doubt is enough to leave a match out where a policy does not ask for it.</summary>
    /// <param name="doubts">The number of doubts.</param>
    /// <param name="withOne">What one leaves.</param>
    public static byte ToConfidence(int doubts, byte withOne = Confidence.Doubtful) => doubts switch
    {
        <= 0 => Confidence.High,
        1 => withOne,
        _ => Confidence.Low,
    };

    /// <summary>Doubts about characters that ought to be random: alphabets, rows of one character, words for an example.</summary>
    public static int OfRandom(ReadOnlySpan<byte> value, in ValueShape shape)
    {
        var doubts = shape.MadeUp;
        doubts += shape.LongestRun >= LongRun && shape.LongestRun * 6 > shape.Length ? 2 : 0;
        return doubts + (SecretValues.IsSample(value) ? 2 : 0);
    }

    /// <summary>Doubts about a value that is named a key or token.</summary>
    public static int OfKey(ref ScanText text, SecretText at, in ValueShape shape)
    {
        var value = text.Bytes[at.Start..at.End];
        var doubts = OfRandom(value, shape) + OfWords(value);
        doubts += TelegramToken.IsNamed(text.Bytes, at.Start, at.End) || IsChosen(value, at, shape) ? 0 : OfAlphabet(value);
        doubts += value.Length > LongestAccessKey && IsAccessKey(text.Bytes[..at.Start]) ? 1 : 0;
        doubts += shape.Length < 24 && shape.Digits <= 4 && shape.Changes <= 4 && WordPairs.AreOfWords(value) ? 1 : 0;
        doubts += SecretNames.KindOf(value) is SecretKind.Password or SecretKind.Token or SecretKind.Key && shape.Digits * 8 < shape.Length ? 1 : 0;
        return doubts + (shape.Entropy * shape.Length < LeastBits ? 1 : 0) + OfPrefix(ref text, at);
    }

    // People put passwords where keys belong.
    private static bool IsChosen(ReadOnlySpan<byte> value, SecretText at, in ValueShape shape) =>
        at.Quote > 0 && shape.Length <= LongestChosen && shape.Others <= 3 && ChosenPassword.Is(value, isExpected: false);

    /// <summary>Doubts about a UUID that is named a key or token: one made from a clock and a network card is no secret.</summary>
    public static int OfUuid(ReadOnlySpan<byte> value) => value[14] is (byte)'1' or (byte)'6' ? 2 : 0;

    /// <summary>Doubts about a value that is named a password.</summary>
    public static int OfPassword(ReadOnlySpan<byte> value, in ValueShape shape)
    {
        var isWord = shape.Digits == 0 && shape.Uppers * shape.Lowers == 0;
        var doubts = SecretValues.IsSample(value) ? 2 : 0;
        doubts += SecretNames.KindOf(value) is var kind && kind != SecretKind.None && (kind != SecretKind.Weak || shape.Others == 0)
            ? (shape.Digits == 0 ? 2 : 1) : 0;
        doubts += value.Contains((byte)'|') && OfWords(value) > 0 ? 2 : 0;
        doubts += value.Contains((byte)' ') && shape.Digits == 0 ? 1 : 0;
        doubts += value[0] == '#' && shape.Length is 4 or 7 or 9 && !value[1..].ContainsAnyExcept(Hex) ? 2 : 0;
        return doubts + (isWord ? 1 : 0) + (value.Contains((byte)' ') ? 1 : 0) + (shape.Length < 5 ? 1 : 0);
    }

    /// <summary>
    /// Doubts about the password in a URL: one that repeats the user's name is what a server comes with, and everybody may be anonymous.
    /// </summary>
    public static int OfUrl(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password, in ValueShape shape) =>
        OfPassword(password, shape) + (user.SequenceEqual(password) || user.SequenceEqual("anonymous"u8) ? 2 : 0);

    // Generators write base64, base64url, hexadecimal or parts of it with points; other signs, or both kinds of base64 at once, people write.
    private static int OfAlphabet(ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            var isEscape = b == '%' && i + 2 < value.Length && AsciiByte.IsHex(value[i + 1]) && AsciiByte.IsHex(value[i + 2]);
            if (!isEscape && !AsciiByte.IsAlphanumeric(b) && b is not ((byte)'+' or (byte)'/'
                or (byte)'=' or (byte)'_' or (byte)'-' or (byte)'.' or (byte)'~'))
            {
                return 1;
            }
        }

        return value.ContainsAny((byte)'+', (byte)'/') && value.ContainsAny((byte)'-', (byte)'_') ? 1 : 0;
    }

    /// <summary>Doubts about words between separators, which make a name: one from two words on, two where they are most of it.</summary>
    public static int OfWords(ReadOnlySpan<byte> value)
    {
        var (words, inWords, start) = (0, 0, 0);
        for (var at = 0; at <= value.Length; at++)
        {
            if (at == value.Length || value[at] is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'/' or (byte)':' or (byte)'|')
            {
                var part = value[start..at];
                if (IsWord(part))
                {
                    words++;
                    inWords += part.Length;
                }

                start = at + 1;
            }
        }

        return words < 2 ? 0 : inWords * 2 > value.Length ? 2 : 1;
    }

    private static bool IsWord(ReadOnlySpan<byte> part)
    {
        var (vowels, uppers, consonants) = (0, 0, 0);
        foreach (var b in part)
        {
            var isVowel = (b | 0x20) is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
            consonants = isVowel ? 0 : consonants + 1;
            vowels += isVowel ? 1 : 0;
            uppers += AsciiByte.IsUpper(b) ? 1 : 0;
            if (!AsciiByte.IsLetter(b) || consonants > 4)
            {
                return false;
            }
        }

        return part.Length is >= 3 and <= 15 && vowels > 0 && (uppers == 0 || uppers == part.Length || (uppers == 1 && AsciiByte.IsUpper(part[0])));
    }

    // What is called so has forty characters, where it is in use; longer ones are its encryption.
    private static bool IsAccessKey(ReadOnlySpan<byte> before)
    {
        var name = before[Math.Max(0, before.Length - 28)..].TrimEnd(" =:\"'"u8);
        return name.EndsWith("secret_access_key"u8) || name.EndsWith("SECRET_ACCESS_KEY"u8)
            || name.EndsWith("SecretAccessKey"u8) || name.EndsWith("secretAccessKey"u8);
    }

    // What begins like a vendor's credential and is none of its formats is cut, masked or made up.
    private static int OfPrefix(ref ScanText text, SecretText at)
    {
        var isOwn = false;
        foreach (var format in Prefixed)
        {
            if (text.Bytes[at.Start..at.End].StartsWith(format.Prefix))
            {
                if (format.EndAt(ref text, at.Start) == at.End)
                {
                    return 0;
                }

                isOwn = true;
            }
        }

        return isOwn ? 2 : 0;
    }
}
