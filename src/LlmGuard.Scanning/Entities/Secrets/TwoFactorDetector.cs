using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Seeds of one-time codes in base32, in <c>otpauth:</c> links or after a word that says so, and recovery codes after theirs.</summary>
internal sealed class TwoFactorDetector : Detector
{
    private const int Reach = 48;
    private const int LongestValue = 256;

    private static readonly (byte[] Words, bool IsSeed)[] Labels =
    [
        .. new[] { "otpauth", "totp", "2fa secret", "2fa key", "mfa secret", "mfa seed", "otp secret", "otp key", "otp seed", "2fa", "mfa",
            "authenticator", "two-factor", "two factor" }
            .Select(words => (Encoding.ASCII.GetBytes(words), true)),
        .. new[] { "recovery code", "backup code", "recovery key", "backup key",
            "recovery-code", "rescue code", "emergency code", "recovery_code", "backup_code" }
            .Select(words => (Encoding.ASCII.GetBytes(words), false)),
    ];

    public override int MaxLength => Reach + LongestValue + 160;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => Labels.Any(l => l.Words[0] == (value | 0x20) || l.Words[0] == value);

    public override IEnumerable<Opening> Openings => Labels.Select(l => Opening.Word(l.Words));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var (words, isSeed) in Labels)
        {
            if (text.Follows(at, words) && !(words[0] == '2' && AsciiByte.IsDigit(text[at + words.Length]))
                && (text[at] != 'o' || !text.Follows(at, "otpauth"u8) || words.Length == 7))
            {
                var isLink = isSeed && text.Follows(at, "otpauth"u8);
                if (isLink ? TryLink(ref text, at, out start, out end) : TryValue(ref text, at + words.Length, isSeed, out start, out end))
                {
                    return true;
                }
            }
        }

        return None(out start, out end);
    }

    private static bool TryLink(ref ScanText text, int at, out int start, out int end)
    {
        (start, end) = (0, 0);
        for (var offset = at; offset - at < 160 && text[offset] is > ' ' and not ('"' or '\''); offset++)
        {
            if (text.Follows(offset, "secret="u8))
            {
                start = offset + 7;
                end = start;
                while (end - start < LongestValue && AsciiByte.IsAlphanumeric(text[end]))
                {
                    end++;
                }

                return end - start >= 8;
            }
        }

        return false;
    }

    // The value is the first group of characters that looks like one, a few words after the label.
    private static bool TryValue(ref ScanText text, int labelEnd, bool isSeed, out int start, out int end)
    {
        (start, end) = (labelEnd, labelEnd);
        while (end - labelEnd < Reach)
        {
            start = end;
            while (end - labelEnd < Reach && text[end] >= 0 && !AsciiByte.IsAlphanumeric(text[end]))
            {
                end++;
            }

            start = end;
            while (end - start < LongestValue && IsPart(ref text, end, isSeed))
            {
                end++;
            }

            if (end == start)
            {
                return false;
            }

            var value = text.Bytes[start..end];
            var shape = ValueShape.Of(value);
            if (isSeed ? IsSeed(value, shape) : shape is { Length: >= 6, Digits: > 1 } && !AsciiByte.IsAlphanumeric(text[end]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPart(ref ScanText text, int at, bool isSeed)
    {
        var b = text[at];
        return AsciiByte.IsAlphanumeric(b) || (b == '-' && AsciiByte.IsAlphanumeric(text[at + 1]))
            || (isSeed && b == ' ' && IsBase32(text[at + 1]) && IsBase32(text[at + 2]) && AsciiByte.IsUpper(text[at - 1]));
    }

    private static bool IsSeed(ReadOnlySpan<byte> value, ValueShape shape)
    {
        if (shape.Length < 16 || shape.Lowers > 0 && shape.Uppers > 0 || shape.IsRepetitive)
        {
            return false;
        }

        // "set-user-pool-configuration" is the name of something.
        if (shape.Digits == 0 && shape.Lowers > 0 && WordPairs.AreOfWords(value))
        {
            return false;
        }

        foreach (var b in value)
        {
            if (!IsBase32(b) && b is not ((byte)' ' or (byte)'-') && !AsciiByte.IsLower(b))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBase32(int b) => AsciiByte.IsUpper(b) || b is >= '2' and <= '7';
}
