using System.Buffers;
using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// The password of a pair in source code: <c>login("user", "...")</c>, <c>auth=("user", "...")</c>, <c>new NetworkCredential("user", "...")</c>.
/// </summary>
internal sealed class CredentialPairDetector : Detector
{
    private const int LongestUser = 48;
    private const int LongestPassword = 128;

    private static readonly SearchValues<byte> NoPassword = SearchValues.Create("/\\{}<>()"u8);

    private static readonly LabelWords Calls = new(
        "login*", "auth*", "basic*", "credential*", "cred*", "networkcredential*", "usernamepassword*", "getconnection*", "authenticate*", "signin*",
            "logon*", "passwordauth*", "httpbasicauth*");

    // These are given hosts and databases, too.
    private static readonly LabelWords Connects = new("connect*", "pdo");

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
        if (!IsQuote(text[at - 1]) || !IsQuote(text[start]) || !IsPair(ref text, at, out var isConnect))
        {
            return false;
        }

        var quote = text[start++];
        end = start;
        while (end - start < LongestPassword && text[end] is > ' ' and < 0x7F && text[end] != quote)
        {
            end++;
        }

        if (text[end] != quote || end - start < 5 || text[end + 1] is not (')' or ',' or '.') || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var value = text.Bytes[start..end];
        var shape = ValueShape.Of(value);
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(value, shape), Confidence.Medium);
        return (text[end + 1] == ')' && !isConnect
            ? shape.Uppers * shape.Lowers > 0 && (shape.Uppers > 1 || shape.Others > 0) || shape.Digits > 0
            : ChosenPassword.Is(value, isExpected: true)) && !value.ContainsAny(NoPassword);
    }

    // A quoted user and before it what takes a pair.
    private static bool IsPair(ref ScanText text, int at, out bool isConnect)
    {
        var offset = at - 2;
        while (at - offset < LongestUser && text[offset] is > ' ' and < 0x7F && !IsQuote(text[offset]))
        {
            offset--;
        }

        isConnect = false;
        if (!IsQuote(text[offset]) || text[offset - 1] is not ('(' or ' ' or ',' or '['))
        {
            return false;
        }

        var reach = LabelWords.MaxReach - (at - offset);
        isConnect = !Calls.Precede(ref text, offset, reach);
        return !isConnect || Connects.Precede(ref text, offset, reach);
    }

    private static bool MayBePair(ReadOnlySpan<byte> text, int at) =>
        Calls.MayPrecede(text, at, LabelWords.MaxReach) || Connects.MayPrecede(text, at, LabelWords.MaxReach);

    private static bool IsQuote(int b) => b is '"' or '\'';

    private static bool IsValue(int b) => b is > ' ' and < 0x7F && !IsQuote(b);
}
