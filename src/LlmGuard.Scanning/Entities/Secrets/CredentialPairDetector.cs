using System.Buffers;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>The password of a pair in source code: <c>login("user", "...")</c>, <c>auth=("user", "...")</c>, <c>new NetworkCredential("user", "...")</c>.</summary>
internal sealed class CredentialPairDetector : Detector
{
    private const int LongestUser = 48;
    private const int LongestPassword = 128;

    private static readonly SearchValues<byte> NoPassword = SearchValues.Create("/\\{}<>()"u8);

    private static readonly LabelWords Calls = new(
        "login*", "auth*", "basic*", "credential*", "cred*", "networkcredential*", "usernamepassword*", "getconnection*", "authenticate*", "signin*", "logon*", "passwordauth*", "httpbasicauth*");

    public override int MaxLength => LongestPassword + 8;

    public override Neighbours Before => Neighbours.Other;

    public override bool IsTrigger(byte value) => value == ',';

    public override IEnumerable<Opening> Openings =>
    [
        new(Opening.Exactly(','), IsQuote, IsValue, IsValue, IsValue, IsValue) { Before = IsQuote, Condition = MayBePair },
        new(Opening.Exactly(','), Opening.Exactly(' '), IsQuote, IsValue, IsValue, IsValue, IsValue) { Before = IsQuote, Condition = MayBePair },
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = end = at + 1 + (text[at + 1] == ' ' ? 1 : 0);
        if (!IsQuote(text[at - 1]) || !IsQuote(text[start]) || !IsPair(ref text, at))
        {
            return false;
        }

        var quote = text[start++];
        end = start;
        while (end - start < LongestPassword && text[end] is > ' ' and < 0x7F && text[end] != quote)
        {
            end++;
        }

        if (text[end] != quote || end - start < 5 || text[end + 1] != ')' || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var value = text.Bytes[start..end];
        var shape = ValueShape.Of(value);
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(value, shape), Confidence.Medium);
        return (shape.Uppers * shape.Lowers > 0 || shape.Digits > 0) && !value.ContainsAny(NoPassword);
    }

    // A quoted user and before it what takes a pair.
    private static bool IsPair(ref ScanText text, int at)
    {
        var offset = at - 2;
        while (at - offset < LongestUser && text[offset] is > ' ' and < 0x7F && !IsQuote(text[offset]))
        {
            offset--;
        }

        return IsQuote(text[offset]) && Calls.Precede(ref text, offset, Math.Min(LabelWords.MaxReach, LabelWords.MaxReach - (at - offset)))
            && text[offset - 1] is '(' or ' ' or ',' or '[';
    }

    private static bool MayBePair(ReadOnlySpan<byte> text, int at) => Calls.MayPrecede(text, at, LabelWords.MaxReach);

    private static bool IsQuote(int b) => b is '"' or '\'';

    private static bool IsValue(int b) => b is > ' ' and < 0x7F && !IsQuote(b);
}
