using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// The password behind a user and a slash, where a word says that they belong together: <c>login is mara / ...</c>, <c>Zugangsdaten: ops / ...</c>.
/// </summary>
internal sealed class SlashPairDetector : Detector
{
    private const int LongestPassword = 64;

    private static readonly LabelWords Pairs =
        new("login*", "log-in", "credential*", "creds", "zugang*", "account*", "user*",
        "benutzer*", "admin*", "anmeld*", "identifiant*", "acceso", "accesso", "guest");

    public override int MaxLength => LongestPassword + 8;

    public override bool IsTrigger(byte value) => value == '/';

    public override IEnumerable<Opening> Openings =>
        [new(Opening.Exactly('/'), Opening.Exactly(' '), IsValue, IsValue, IsValue, IsValue,
            IsValue, IsValue) { Before = Opening.Exactly(' '), Condition = MayPair }];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at + 2, 0);
        if (text[at - 1] != ' ' || text[at + 1] != ' ' || !AsciiByte.IsAlphanumeric(text[at - 2])
            || !Pairs.Precede(ref text, at, LabelWords.MaxReach))
        {
            return false;
        }

        var value = SecretText.Read(ref text, start, LongestPassword, LongestPassword);
        (start, end) = (value.Start, value.End);
        text.Confidence = Confidence.High;
        return value.Length > 0 && !SecretValues.IsPlaceholder(ref text, start, end) && ChosenPassword.Is(text.Bytes[start..end], isExpected: false);
    }

    private static bool MayPair(ReadOnlySpan<byte> text, int at) => Pairs.MayPrecede(text, at, LabelWords.MaxReach);

    private static bool IsValue(int b) => b > ' ';
}
