using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// A password directly behind the word for it, with nothing but a space between, as devices, databases and people write it:
/// <c>enable secret 5 ...</c>, <c>login robot password ...</c>, <c>IDENTIFIED BY '...'</c>, <c>ConvertTo-SecureString "..."</c>.
/// </summary>
internal sealed class PlacedPasswordDetector : Detector
{
    private const int MostSpaces = 4;
    private const int LongestLabel = 16;
    private const int LongestValue = 128;
    private const int LeastHex = 24;

    // Behind these a quoted text is nothing else.
    private static readonly SecretLabel[] Sure =
        [.. new[] { "identified by", "securestring", "psk" }.Select(static words => new SecretLabel(words, 0, isMixed: false))];

    private static readonly SecretLabel[] Labels =
    [
        .. new[]
        {
            "password", "passwd", "pwd", "pw", "passphrase", "passwort", "kennwort", "secret", "key", "community", "masterauth", "wifi", "wlan",
        }.Select(static words => new SecretLabel(words, 0, isMixed: false)),
        .. Sure,
    ];

    // What is told whose password it is, or what it opens.
    private static readonly LabelWords Owners = new(
        "user*", "role", "login", "account",
            "machine", "enable", "neighbor", "peer", "connect", "isakmp", "ikev*", "ipsec", "snmp*", "server", "host",
            "wpa*", "ppp", "line", "tacacs", "radius", "standby", "ospf", "eigrp");

    private static readonly byte[][] Users = [.. new[] { "login", "user", "username", "role" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    // What begins a line of which the password is the end.
    private static readonly byte[][] Setters = [.. new[] { "enable", "set" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    private readonly SecretLabel[]?[] _byFirstByte = new SecretLabel[256][];

    public PlacedPasswordDetector()
    {
        foreach (var group in Labels.GroupBy(static label => label.FirstByte))
        {
            (_byFirstByte[group.Key], _byFirstByte[group.Key - 0x20]) = ([.. group], [.. group]);
        }
    }

    public override int MaxLength => LongestLabel + LongestValue + 24;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => _byFirstByte[value] is not null;

    // Behind the word a gap and a value, with a number, a verb or more gaps before it; or a text in parentheses; or, for networks, a colon.
    public override IEnumerable<Opening> Openings => Labels.SelectMany(static label => (Opening[])
    [
        .. label.OpeningsBefore(IsGap, IsValue, IsValue, IsValue, IsValue),
        .. label.OpeningsBefore(IsGap, AsciiByte.IsDigit, IsGap),
        .. label.OpeningsBefore(IsGap, IsGap),
        .. label.OpeningsBefore(IsGap, Opening.AnyCase('i'), Opening.AnyCase('s'), IsGap),
        .. label.OpeningsBefore(Opening.Exactly('('), static b => b is '"' or '\''),
        .. TakesColon(label) ? label.OpeningsBefore(Opening.Exactly(':')) : [],
    ]);

    private static bool IsGap(int b) => b is ' ' or '\t';

    private static bool IsValue(int b) => b > ' ' && b is not ('=' or ';' or ',' or '(' or ')' or ']' or '}' or '>' or '|' or '/');

    private static bool TakesColon(SecretLabel label) => label.FirstByte is (byte)'w' or (byte)'n';

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var label in _byFirstByte[text[at]] ?? [])
        {
            var after = label.EndAt(ref text, at);
            if (after > 0 && text[after] is ' ' or '\t' or '(' or ':' && IsPlaced(ref text, label, at, after, out start, out end))
            {
                return true;
            }
        }

        return None(out start, out end);
    }

    private static bool IsPlaced(ref ScanText text, SecretLabel label, int at, int after, out int start, out int end)
    {
        if (text[after] == ':' && !TakesColon(label))
        {
            // What is assigned to a name is looked at elsewhere.
            (start, end) = (0, 0);
            return false;
        }

        start = text.AfterBlanks(text[after] is ':' or '(' ? after + 1 : after, MostSpaces);
        start = text.Follows(start, "is "u8) ? text.AfterBlanks(start + 3, MostSpaces) : start;
        var isNumbered = AsciiByte.IsDigit(text[start]) && text[start + 1] == ' ';
        start = isNumbered ? text.AfterBlanks(start + 1, MostSpaces) : start;
        if (text.Follows(start, "ascii "u8))
        {
            start = text.AfterBlanks(start + 6, MostSpaces);
            isNumbered = AsciiByte.IsDigit(text[start]) && text[start + 1] == ' ';
            start = isNumbered ? text.AfterBlanks(start + 1, MostSpaces) : start;
        }

        var value = SecretText.Read(ref text, start, LongestValue, LongestValue);
        (start, end) = (value.Start, value.End);
        if (value.Length == 0 || SecretValues.IsPlaceholder(ref text, start, end) || (text[after] == '(' && value.Quote == 0))
        {
            return false;
        }

        var bytes = text.Bytes[start..end];
        text.Steps += bytes.Length;
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(bytes, ValueShape.Of(bytes)), Confidence.Medium);
        var isOwned = Owners.Precede(ref text, at, LabelWords.MaxReach);
        var isCommanded = label.FirstByte is (byte)'p' or (byte)'c'
            && (IsCommanded(text.Bytes, at) || (isOwned && (isNumbered || label.FirstByte == 'c')));
        if ((isCommanded || (value.Quote > 0 && Sure.Contains(label))) && (value.Quote > 0 || IsFree(text[end])) && ChosenPassword.Fits(bytes))
        {
            return true;
        }

        // "the secret 4f2a... of the client": hexadecimal digits alone are a hash's, this word says that they are not.
        if (label.FirstByte == 's' && value.Quote == 0 && bytes.Length >= LeastHex && (IsHex(bytes) || SecretValues.IsUuid(bytes))
            && ValueShape.Of(bytes) is { IsMixed: true, IsRepetitive: false, MadeUp: 0 })
        {
            text.Confidence = Confidence.High;
            return true;
        }

        return value.Quote > 0 ? IsQuoted(bytes, Sure.Contains(label) || (label.FirstByte == 'p' && isOwned))
            : IsFree(text[end]) && (ChosenPassword.Is(bytes, isNumbered) || (isNumbered && IsEncrypted(bytes))
                || (isOwned && ChosenPassword.Is(bytes, isExpected: true)));
    }

    // "login mara password ...", "user 'ci' password '...'", on one line or, as in .netrc, on two; "enable password ...".
    private static bool IsCommanded(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - LabelWords.MaxReach)..at];
        var last = before.TrimEnd(" \t\r\n"u8);
        var gap = last.LastIndexOfAny(" \t\n"u8);
        if (last.Length == before.Length || last.IsEmpty)
        {
            return false;
        }

        if (LabelWords.IsOneOf(last[(gap + 1)..], Setters))
        {
            return gap < 0 || last[gap] == '\n';
        }

        var user = last[..(gap + 1)].TrimEnd((byte)' ');
        return gap > 0 && LabelWords.IsOneOf(user[(user.LastIndexOfAny(" \t\n(,"u8) + 1)..], Users);
    }

    // A value of which something was cut off is part of an expression.
    private static bool IsFree(int next) => next is -1 or '.' or ',' or '?' or '!' or ')' or ';' or '"' or '\'' || AsciiByte.IsWhiteSpace(next);

    // What a sentence quotes is a word of it.
    private static bool IsQuoted(ReadOnlySpan<byte> value, bool isSure)
    {
        var shape = ValueShape.Of(value);
        return ChosenPassword.Is(value, isSure) || (shape.Length >= 6 && shape.Uppers + shape.Lowers > 0 && shape.Digits > 0
            && !value.ContainsAny((byte)' ', (byte)'/', (byte)'(') && (isSure || !SecretValues.IsWordy(value))
            && (shape.Others > 0 || shape.Uppers * shape.Lowers > 0));
    }

    // Devices write what they have encrypted in hexadecimal digits, or with the number of the method between dollar signs.
    private static bool IsEncrypted(ReadOnlySpan<byte> value) =>
        (value.Length >= 10 && value[0] == '$' && AsciiByte.IsDigit(value[1]) && value[2] == '$')
            || (value.Length >= 10 && value.Length % 2 == 0 && IsHex(value));

    private static bool IsHex(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (!AsciiByte.IsHex(b))
            {
                return false;
            }
        }

        return true;
    }
}
