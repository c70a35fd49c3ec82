using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// The password behind a user and a slash or colon, where what stands directly before says that both follow: <c>ID/PW: ops/...</c>,
/// <c>creds -> svc:...</c>, <c>10.0.0.7 (root/...)</c>.
/// </summary>
internal sealed class LoginPairDetector : Detector
{
    private const int LongestUser = 32;
    private const int LongestPassword = 64;
    private const int MostSigns = 6;
    private const int Shortest = 5;

    // The end of a word for a password, alone or behind one for a user: "ID/PW", "login/password".
    private static readonly byte[][] Passwords = Words("pw", "pwd", "pass", "passwd", "password", "passwords", "비번", "비밀번호");

    private static readonly byte[][] Logins = Words("login", "logins", "creds", "credentials", "credential", "zugang", "zugangsdaten", "anmeldung");

    private enum Place
    {
        None,
        Password,
        Login,
        Host,
    }

    public override int MaxLength => LongestPassword + 8;

    public override bool SkipsInside => true;

    public override Neighbours Before => Neighbours.Letter | Neighbours.Digit | Neighbours.Other;

    public override bool IsTrigger(byte value) => value is (byte)'/' or (byte)':';

    public override IEnumerable<Opening> Openings =>
    [
        new([IsJoint, .. Opening.Row(Shortest, IsValue)]) { Before = AsciiByte.IsAlphanumeric, Condition = MayBePair },
        new([Opening.Exactly('/'), Opening.Exactly(' '), .. Opening.Row(Shortest, IsValue)])
        {
            Before = Opening.Exactly(' '), Condition = MayBePair,
        },
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at + 1, 0);
        var place = PlaceOf(text.Bytes, at);
        if (place == Place.None)
        {
            return false;
        }

        var isApart = text[start] == ' ';
        start += isApart ? 1 : 0;
        if ((isApart && text[at] == ':') || (isApart != (text[at - 1] == ' ')))
        {
            return false;
        }

        end = start;
        while (end - start <= LongestPassword && IsValue(text[end]))
        {
            end++;
        }

        while (end > start && text[end - 1] is '.' or '?')
        {
            end--;
        }

        if (end - start < Shortest || text[end] is '/' or ':' or '\\' || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var value = text.Bytes[start..end];
        var shape = ValueShape.Of(value);
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(value, shape), Confidence.Medium);
        return ChosenPassword.Is(value, isExpected: place == Place.Password)
            || (place == Place.Host && shape.Uppers * shape.Lowers > 0 && !value.Contains((byte)'.') && ChosenPassword.Is(value, isExpected: true))
            || (place != Place.Host && (place == Place.Password || isApart || text[at] == ':') && IsMixed(shape, place == Place.Password ? 1 : 2)
                && !value.ContainsAny((byte)'.', (byte)'='));
    }

    private static bool MayBePair(ReadOnlySpan<byte> text, int at) => PlaceOf(text, at) != Place.None;

    // What stands before the user.
    private static Place PlaceOf(ReadOnlySpan<byte> text, int at)
    {
        var end = at > 0 && text[at - 1] == ' ' ? at - 1 : at;
        var user = end;
        while (end - user <= LongestUser && user > 0 && (AsciiByte.IsAlphanumeric(text[user - 1]) || text[user - 1] is (byte)'_'))
        {
            user--;
        }

        if (end - user is < 2 or > LongestUser)
        {
            return Place.None;
        }

        var label = user;
        while (user - label < MostSigns && label > 0 && text[label - 1] is (byte)' ' or (byte)':' or (byte)'=' or (byte)'-' or (byte)'>'
            or (byte)'(' or (byte)')' or (byte)',' or (byte)'|')
        {
            label--;
        }

        var before = text[Math.Max(0, label - LongestUser)..label];
        return label == user || before.IsEmpty ? Place.None
            : AsciiByte.IsDigit(before[^1]) ? IsAddress(before) ? Place.Host : Place.None
            : EndsWith(before, Passwords) ? Place.Password
            : EndsWith(before, Logins) ? Place.Login
            : Place.None;
    }

    private static bool IsAddress(ReadOnlySpan<byte> before)
    {
        var (points, start) = (0, before.Length);
        while (start > 0 && (AsciiByte.IsDigit(before[start - 1]) || before[start - 1] == '.'))
        {
            points += before[--start] == '.' ? 1 : 0;
        }

        return points == 3 && (start == 0 || before[start - 1] is (byte)' ' or (byte)'@' or (byte)'\n' or (byte)'(' or (byte)',');
    }

    private static bool EndsWith(ReadOnlySpan<byte> before, byte[][] words)
    {
        foreach (var word in words)
        {
            var start = before.Length - word.Length;
            if (start >= 0 && (start == 0 || !AsciiByte.IsAlphanumeric(before[start - 1]))
                && (System.Text.Ascii.EqualsIgnoreCase(before[start..], word) || before.EndsWith(word)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMixed(in ValueShape shape, int digits) =>
        shape.Length >= 6 && shape.Digits >= digits && shape.Uppers + shape.Lowers >= 2 && !shape.IsRepetitive;

    private static bool IsJoint(int b) => b is '/' or ':';

    private static bool IsValue(int b) =>
        b is > ' ' and < 0x7F && b is not ('/' or ':' or '"' or '\'' or '`' or '<' or '>' or '(' or ')' or ',' or ';' or '\\' or '|');

    private static byte[][] Words(params string[] words) => [.. words.Select(System.Text.Encoding.UTF8.GetBytes)];
}
