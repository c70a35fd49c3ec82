using System.Buffers;
using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// The password in an option of a command: <c>curl -u user:...</c>, <c>docker login -p ...</c>, <c>sshpass -p ...</c>, <c>redis-cli -a ...</c>,
/// <c>--password ...</c>.
/// </summary>
internal sealed class CommandPasswordDetector : Detector
{
    private const int LongestUser = 64;
    private const int LongestPassword = 256;

    // Of fewer letters it cannot be told whether they were drawn at random.
    private const int LeastDrawn = 12;

    private static readonly SearchValues<byte> NoPassword = SearchValues.Create(" ,;/\\<>"u8);
    private static readonly SearchValues<byte> Signs = SearchValues.Create("!@#$%^&*+?"u8);
    // Options of several letters behind a single hyphen.
    private static readonly byte[][] Words = [.. new[] { "storepa", "keypass", "passwor", "passphr" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    private static readonly LabelWords WithUser = new("curl", "wget", "http*", "ldapsearch", "smbclient");
    private static readonly LabelWords WithTightPassword = new("mysql*", "mariadb*");
    private static readonly LabelWords WithPassword = new("login", "sshpass", "redis*", "az", "ldap*", "mongo*", "htpasswd");
    private static readonly LabelWords WithPasswordApart = new("zip", "unzip", "rar", "openssl", "usermod", "useradd");

    public override int MaxLength => LongestUser + LongestPassword + 24;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value == '-';

    public override IEnumerable<Opening> Openings =>
    [
        new(Opening.Exactly('-'), Opening.Exactly('u'), static b => b == ' ', IsStart) { Before = IsGap },
        new(Opening.Exactly('-'), static b => b is 'p' or 'a' or 'w' or 'P' or 'U' or 'k', static b => b == ' ' || IsStart(b)) { Before = IsGap },
        .. Words.Select(static word =>
            new Opening([Opening.Exactly('-'), .. word.Select(static letter => Opening.AnyCase(letter))]) { Before = IsGap }),
        new(Opening.Exactly('-'), Opening.Exactly('-'), AsciiByte.IsLetter, AsciiByte.IsLetter, AsciiByte.IsLetter) { Before = IsGap },
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at);
        if (!IsGap(text[at - 1]))
        {
            return false;
        }

        if (PairedValue(ref text, at) is > 0 and var paired && IsPaired(ref text, paired, out start, out end))
        {
            return true;
        }

        var isLong = text[at + 1] == '-';
        start = isLong ? ValueOfLong(ref text, at + 2, out var hasUser)
            : IsWord(ref text, at + 1) ? ValueOfLong(ref text, at + 1, out hasUser)
            : ValueOfShort(ref text, at, out hasUser);
        if (start == 0)
        {
            return false;
        }

        var value = SecretText.Read(ref text, start, LongestUser + LongestPassword, LongestUser + LongestPassword);
        (start, end) = (value.Start, value.End);
        if (hasUser)
        {
            var colon = value.Length == 0 ? -1 : text.Bytes[start..end].IndexOf((byte)':');
            if (colon is < 0 or > LongestUser || text[start + colon + 1] is '/' or '\\')
            {
                return false;
            }

            start += colon + 1;
        }

        return IsPassword(ref text, start, end);
    }

    // "-U sa -P ...", "-pw ...", "-U user%...": whatever the command, behind a user stands the password.
    private static int PairedValue(ref ScanText text, int at) => (text[at + 1], text[at + 2]) switch
    {
        ('p', 'w') when text[at + 3] == ' ' => at + 4,
        ('p' or 'P', _) when HasUser(ref text, at) => at + (text[at + 2] == ' ' ? 3 : 2),
        ('U', ' ') => text.Bytes[(at + 3)..Math.Min(text.Length, at + 3 + LongestUser)] is var user && user.IndexOfAny(" \n%"u8) is > 0 and var sign
            && user[sign] == '%' ? at + 4 + sign : 0,
        _ => 0,
    };

    private static bool HasUser(ref ScanText text, int at)
    {
        var before = text.Bytes[Math.Max(0, at - Left)..at];
        before = before[(before.LastIndexOf((byte)'\n') + 1)..];
        text.Steps += before.Length;
        return before.IndexOf(" -u"u8) >= 0 || before.IndexOf(" -U"u8) >= 0;
    }

    private static bool IsPaired(ref ScanText text, int at, out int start, out int end)
    {
        var value = SecretText.Read(ref text, at, LongestPassword, LongestPassword);
        (start, end) = (value.Start, value.End);
        if (value.Length == 0 || SecretValues.IsPlaceholder(ref text, start, end) || text[start] is '/' or '-' or '.')
        {
            return false;
        }

        text.Confidence = Confidence.High;
        return ChosenPassword.Is(text.Bytes[start..end], isExpected: true)
            || (ChosenPassword.Fits(text.Bytes[start..end]) && !text.Bytes[start..end].ContainsAny("-.:_"u8)
                && !WithTightPassword.Precede(ref text, start, LabelWords.MaxReach));
    }

    // Options are given words, names and numbers too: a password is what none of them looks like.
    private static bool IsPassword(ref ScanText text, int start, int end)
    {
        if (end - start < 5 || text[start] is '-' or '/' or '.' || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var value = text.Bytes[start..end];
        var shape = ValueShape.Of(value);
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(value, shape), Confidence.Medium);
        return (shape.Uppers + shape.Lowers > 0 && shape.Digits + shape.Others > 0 && !value.ContainsAny(NoPassword) && !shape.IsRepetitive
            && (shape.Digits > 0 || value.ContainsAny(Signs)) && !SecretValues.IsWordy(value)) || IsDrawn(value, shape);
    }

    // Letters only, which no word has in this order.
    private static bool IsDrawn(ReadOnlySpan<byte> value, in ValueShape shape) =>
        shape.Length >= LeastDrawn && shape.Uppers > 1 && shape.Lowers > 1 && !value.ContainsAny(NoPassword) && !WordPairs.AreOfWords(value)
            && !shape.IsRepetitive;

    private static bool IsWord(ref ScanText text, int at)
    {
        foreach (var word in Words)
        {
            if (text.Follows(at, word))
            {
                return true;
            }
        }

        return false;
    }

    private static int ValueOfShort(ref ScanText text, int at, out bool hasUser)
    {
        hasUser = text[at + 1] == 'u';
        if (hasUser)
        {
            return text[at + 2] == ' ' && WithUser.Precede(ref text, at, LabelWords.MaxReach) ? at + 3 : 0;
        }

        if (text[at + 1] is 'p' or 'P' or 'k' && text[at + 2] == ' ' && WithPasswordApart.Precede(ref text, at, LabelWords.MaxReach))
        {
            return at + 3;
        }

        return text[at + 1] is 'p' or 'a' or 'w' && (WithPassword.Precede(ref text, at, LabelWords.MaxReach)
            || (text[at + 2] != ' ' && WithTightPassword.Precede(ref text, at, LabelWords.MaxReach))) ? at + (text[at + 2] == ' ' ? 3 : 2) : 0;
    }

    private static int ValueOfLong(ref ScanText text, int name, out bool hasUser)
    {
        hasUser = false;
        var end = name;
        while (end - name < 24 && (AsciiByte.IsLetter(text[end]) || text[end] == '-'))
        {
            end++;
        }

        if (text[end] != ' ' || end - name < 3 || text.Bytes.Slice(name, 3).Contains((byte)'-'))
        {
            return 0;
        }

        hasUser = text.Bytes[name..end].SequenceEqual("user"u8);
        return hasUser || SecretNames.KindOf(text.Bytes[name..end]) is SecretKind.Password or SecretKind.Token or SecretKind.Key ? end + 1 : 0;
    }

    private static bool IsGap(int b) => b is -1 or ' ' or '\t' or '\n' or '"' or '\'' or '`';

    private static bool IsStart(int b) => b is > ' ' and < 0x7F && b is not ('-' or '=');
}
