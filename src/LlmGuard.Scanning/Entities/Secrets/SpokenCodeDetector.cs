using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Codes in digits that somebody tells: <c>the door code is 4417#</c>, <c>your verification code is 483 920</c>.</summary>
internal sealed class SpokenCodeDetector : Detector
{
    private const int LongestPurpose = 40;
    private const int Reach = 24;
    private const int MostDigits = 12;
    private const int LeastDigits = 4;
    private const int Word = 4;

    // Behind the word: what it is for, "is", "now", and the spaces behind these.
    private const int LongestBetween = LongestPurpose + 4 + (2 * MostSpaces) + 4;

    private const int MostSpaces = 4;

    // What a code opens; others are of errors, countries and sources.
    private static readonly LabelWords Opens = new(
        "door", "gate", "alarm", "entry", "access", "safe", "lock", "unlock", "garage", "vault", "keypad", "verification", "security", "one-time",
            "login", "otp", "sms", "authentication", "mfa", "sign-in");

    public override int MaxLength => LongestPurpose + (2 * MostDigits) + 24;

    public override bool IsTrigger(byte value) => (value | 0x20) == 'c';

    public override IEnumerable<Opening> Openings =>
        [new([.. "code"u8.ToArray().Select(static b => Opening.AnyCase(b)), static b => b is ' ' or ':' or '=']) { Condition = MayOpen }];

    private static bool MayOpen(ReadOnlySpan<byte> text, int at) => MayBeTold(text, at + Word) && Opens.MayPrecede(text, at, Reach);

    // Most that is said of code has no number behind it.
    private static bool MayBeTold(ReadOnlySpan<byte> text, int at) =>
        text.Length < at + LongestBetween || text.Slice(at, LongestBetween).ContainsAnyInRange((byte)'0', (byte)'9');

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (0, 0);
        if (!text.Follows(at, "code"u8) || !Opens.Precede(ref text, at, Reach))
        {
            return false;
        }

        start = AfterVerb(ref text, at + Word);
        end = start == 0 ? 0 : EndOfDigits(ref text, start);
        return end > start;
    }

    // "code 4417", "code is", "code: ", "code for the shop is", "code is now".
    private static int AfterVerb(ref ScanText text, int at)
    {
        for (var offset = at; offset - at < LongestPurpose && text[offset] is not (-1 or '\n' or '.' or ';' or '?'); offset++)
        {
            if (offset == at && text[at] == ' ' && AsciiByte.IsDigit(text[at + 1]))
            {
                return at + 1;
            }

            var isVerb = text.Follows(offset, " is "u8);
            if (isVerb || (text[offset] is ':' or '=' && offset - at < 2))
            {
                var value = SkipSpaces(ref text, offset + (isVerb ? 4 : 1));
                return text.Follows(value, "now "u8) ? SkipSpaces(ref text, value + 4) : value;
            }
        }

        return 0;
    }

    private static int EndOfDigits(ref ScanText text, int start)
    {
        var (digits, offset) = (0, start);
        while (digits < MostDigits && (AsciiByte.IsDigit(text[offset])
            || (text[offset] is ' ' or '-' && digits > 0 && AsciiByte.IsDigit(text[offset + 1]))))
        {
            digits += AsciiByte.IsDigit(text[offset++]) ? 1 : 0;
        }

        var end = text[offset] is '#' or '*' ? offset + 1 : offset;
        return digits >= LeastDigits && !AsciiByte.IsAlphanumeric(text[end]) && text[end] is not ('-' or '_' or '/') ? end : 0;
    }

    private static int SkipSpaces(ref ScanText text, int at)
    {
        var offset = at;
        while (offset - at < MostSpaces && text[offset] == ' ')
        {
            offset++;
        }

        return offset;
    }
}
