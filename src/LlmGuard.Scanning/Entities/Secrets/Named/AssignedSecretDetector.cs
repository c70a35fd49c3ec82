using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Named;

/// <summary>
/// A value that is assigned to the name of a secret, in whatever notation: <c>DB_PASSWORD=...</c>, <c>"apiKey": "..."</c>, <c>token := `...`</c>,
/// <c>&lt;secret&gt;...&lt;/secret&gt;</c>, <c>set("API_KEY", "...")</c>, <c>Authorization: Bearer ...</c>. The name stays.
/// </summary>
/// <param name="kind">What the name must say: passwords, tokens, or keys (and whatever only may be a secret).</param>
internal sealed class AssignedSecretDetector(SecretKind kind) : Detector
{
    private const int LongestName = 56;

    // Words before the name belong to it as far as people write names in words ("max new tokens"); what stands further back is the sentence.
    private const int MostSpaces = 3;
    private const int Least = 3;
    private const int LongestGap = 40;
    private const int LongestQuoted = 1024;
    private const int LongestBare = 512;

    // Where assignments stand in the value of an assignment, each is read on to the end: more than a few times only as far as this, and then it has
    // to end there.
    private const int LongRead = 64;

    public override int MaxLength => LongestGap + 16 + LongestQuoted + 8;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value is (byte)'=' or (byte)':' or (byte)'>' or (byte)',' or (byte)'(' or (byte)'|' or (byte)'?';

    // As AnnouncesValue has it; and a comma counts only between quotes, what follows only before one.
    public override IEnumerable<Opening> Openings =>
    [
        .. Assigned(':', static b => b is not (':' or '=' or '/'), IsNameEnd),
        .. Assigned('=', static b => b is not ('=' or '>'), IsNameEnd),
        .. Assigned('>', IsElementText, static b => IsNameEnd(b) && b is not (' ' or '-' or '?')),
        new(Opening.Exactly(','), IsQuote, static b =>
            IsQuote(b) || AsciiByte.IsAlphanumeric(b)) { Before = IsQuote, Condition = SecretNames.MayName },
        new(Opening.Exactly(','), Opening.Exactly(' '), static b =>
            IsQuote(b) || b is 'b' or 'r' or 'u' or 'f') { Before = IsQuote, Condition = SecretNames.MayName },
        new(Opening.Exactly(','), Opening.Exactly(' '), Opening.Exactly(' ')) { Before = IsQuote, Condition = SecretNames.MayName },
        new(Opening.Exactly('('), IsQuote, IsSpaceOrValue, IsSpaceOrValue) { Before = AsciiByte.IsAlphanumeric, Condition = SecretNames.MayName },
        new(static b => b is '|' or '?', static b => IsQuote(b) || b == ' ', IsSpaceOrValue, IsSpaceOrValue) { Before = static b => b is '|'
            or '?', Condition = SecretNames.MayName },
    ];

    // A value has three bytes, in quotes or without, behind a space or not: "i = 0;" assigns none.
    private static IEnumerable<Opening> Assigned(int sign, Func<int, bool> next, Func<int, bool> before)
    {
        Func<int, bool> space = AsciiByte.IsWhiteSpace;
        Func<int, bool>[][] values =
        [
            [.. Opening.Row(Least, IsBare)],
            [static b => IsOpeningQuote(b) || b == '\\', .. Opening.Row(Least, IsOnLine)],
            [static b => IsMark(b) || b == '[', IsQuote, .. Opening.Row(Least - 1, IsOnLine)],
        ];
        Func<int, bool>[][] all = [[space, space], .. values, .. values.Select(value => (Func<int, bool>[])[space, .. value])];
        return all.Select(places =>
            new Opening([Opening.Exactly(sign), b => next(b) && places[0](b), .. places[1..]]) { Before = before, Condition = SecretNames.MayName });
    }

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at + 1;
        end = 0;
        if (!AnnouncesValue(ref text, at))
        {
            return false;
        }

        var isElement = text[at] == '>' && text[at - 1] is not ('=' or ' ' or '-');
        if (text[at] == ',' && text[at - 1] is not ('"' or '\''))
        {
            return false;
        }

        if (text[at] == '(' && !SecretSetters.Precede(ref text, at))
        {
            return false;
        }

        var named = Named(ref text, at);
        if (named == SecretKind.None || (named == SecretKind.Weak ? SecretKind.Key : named) != kind)
        {
            return false;
        }

        start = SkipSpace(ref text, start, isElement || text[at] == ':');
        start = isElement && text[start] == '{' ? LastInBraces(ref text, start)
            : IsFirstOfList(ref text, at, start) ? SkipSpace(ref text, start + 1, overLines: true) : SkipScheme(ref text, start);
        var wrapped = WrappedLiteral.StartOf(ref text, start);
        start = wrapped > 0 ? wrapped : start;
        var value = text.IsReadInVain
            ? SecretText.Read(ref text, start, LongRead, LongRead)
            : SecretText.Read(ref text, start, LongestQuoted, LongestBare);

        // What may as well do something else gives a value only in quotes, and a comma between quotes may part a value from the next name.
        if (value.Length < Least || (text.IsReadInVain && value.IsCut) || value.Start - at > LongestGap
            || (text[at] is ',' or '(' or '|' or '?' && value.Quote == 0)
            || (text[at] == ',' && (IsNextName(ref text, value.End) || !IsFirstOfPair(ref text, at))))
        {
            return false;
        }

        // What is compared is a secret only where it is written out.
        if (text[at] == '=' && text[at - 1] == '=' && value.Quote == 0)
        {
            return false;
        }

        (start, end) = (value.Start, value.End);
        var isTight = text[at] == '=' && value.Start == at + (value.Quote > 0 ? 2 : 1)
            && text[at - 1] != ' ' && text[value.End] != ')' && IsOneName(ref text, at, kind);
        text.VainEnd = value.Length > LongRead ? Math.Max(text.VainEnd, value.End) : text.VainEnd;
        return SecretJudge.IsSecret(ref text, value, named, isTight)
            && (wrapped == 0 || WrappedLiteral.IsSecret(text.Bytes[value.Start..value.End], named));
    }

    // "we pass INSTALLDIRS=site" is about passing.
    private static bool IsOneName(ref ScanText text, int at, SecretKind kind)
    {
        var before = text.Bytes[Math.Max(0, at - LongestName)..at];
        return kind != SecretKind.Password || SecretNames.KindOf(before[(before.LastIndexOf((byte)' ') + 1)..]) == SecretKind.Password;
    }

    // What stands first within brackets names what stands second; further on it is a list.
    private static bool IsFirstOfPair(ref ScanText text, int comma)
    {
        var offset = comma - 2;
        while (comma - offset < LongestName && text[offset] > ' ' && !IsQuote(text[offset]))
        {
            offset--;
        }

        offset--;
        while (comma - offset < LongestName && AsciiByte.IsWhiteSpace(text[offset]))
        {
            offset--;
        }

        return text[offset] is not (',' or '"' or '\'');
    }

    private static bool IsNextName(ref ScanText text, int end)
    {
        var after = end + 1;
        while (after - end < 4 && text[after] == ' ')
        {
            after++;
        }

        return text[after] is ':' or '=';
    }

    private static bool IsQuote(int b) => b is '"' or '\'';

    private static bool IsOpeningQuote(int b) => IsQuote(b) || b == '`';

    // As SecretText reads a value without quotes, and one within: a backslash may be one before a quote.
    private static bool IsBare(int b) => b > ' ' && !IsOpeningQuote(b) && b is not (';' or '<');

    private static bool IsOnLine(int b) => b is >= 0 and not ('\n' or '\r');

    private static bool IsElementText(int b) => AsciiByte.IsAlphanumeric(b) || AsciiByte.IsWhiteSpace(b) || IsQuote(b) || b is '`' or '\\' or '{';

    // What stands before a string in some languages.
    private static bool IsMark(int b) => b is 'b' or 'r' or 'u' or 'f' or '@' or '$';

    private static bool IsNameEnd(int b) => IsNamePart(b) || b is ':' or '=' or '?' or '|' or '+';

    private static bool IsSpaceOrValue(int b) => b is > ' ' or '\n' or '\r' or '\t' or ' ';

    // ":=", "=>", "::=" announce at their last character; "://", "->", "!=" and "<=" nothing.
    private static bool AnnouncesValue(ref ScanText text, int at) => (text[at], text[at + 1]) switch
    {
        (':', ':' or '=' or '/') => false,
        ('=', '=' or '>') => false,
        ('|' or '?', ' ' or '"' or '\'') => text[at - 1] == text[at],
        ('(', var next) => IsQuote(next) && AsciiByte.IsAlphanumeric(text[at - 1]),
        ('|' or '?', _) => false,
        ('=', _) => text[at - 1] is not ('!' or '<' or '>' or '~'),
        ('>', var next) => IsElementText(next) && text[at - 1] is not ('-' or '?' or '%' or '/') && !(text[at - 1] == ' '),
        _ => true,
    };

    private static int SkipSpace(ref ScanText text, int at, bool overLines)
    {
        var offset = at;
        while (offset - at < 24 && (text[offset] is ' ' or '\t' || (overLines && text[offset] is '\r' or '\n')))
        {
            offset++;
        }

        return offset;
    }

    // "passwords:\n  - ...", "apiKeys": ["...", ...]: the first of several.
    private static bool IsFirstOfList(ref ScanText text, int at, int start) =>
        text[at] is ':' or '=' && ((text[start] == '[' && IsQuote(text[start + 1]))
            || (text[start] == '-' && text[start + 1] == ' ' && text.Bytes[at..start].Contains((byte)'\n')));

    // Jenkins keeps what it has encrypted in braces, and what it is encrypted with, or for, before it.
    private static int LastInBraces(ref ScanText text, int at)
    {
        var word = at + 1;
        for (var offset = at + 1; offset - at < LongestBare && text[offset] is >= 0 and not ('<' or '\n' or '}'); offset++)
        {
            word = text[offset] == ' ' ? offset + 1 : word;
        }

        return word;
    }

    // What stands between an authorization header and its token.
    private static int SkipScheme(ref ScanText text, int at)
    {
        var quote = text[at] is '"' or '\'' or '`' ? 1 : 0;
        var scheme = text.Follows(at + quote, "bearer "u8) ? 7 : text.Follows(at + quote, "token "u8) || text.Follows(at + quote, "basic "u8) ? 6 : 0;
        scheme = scheme == 0 && (text.Follows(at + quote, "base64:"u8) || text.Follows(at + quote, "apikey "u8)) ? 7
            : scheme == 0 && text.Follows(at + quote, "ssws "u8) ? 5 : scheme;
        return scheme == 0 ? at : at + quote + scheme;
    }

    private static SecretKind Named(ref ScanText text, int at)
    {
        if (text.LastName.End != at)
        {
            var start = NameStart(ref text, at);
            var owner = SecretOwners.Before(text.Bytes, start, at);
            var named = SecretNames.KindOf(owner.IsEmpty ? text.Bytes[start..at] : owner);
            text.LastName = (at, named == SecretKind.Weak ? Strengthened(text.Bytes, start, at) : named);
        }

        return text.LastName.Kind;
    }

    // A browser sends back in a cookie what it was let in with; a signature in a URL lets in whoever has it; Consul and
    // Serf encrypt what they tell each other.
    private static SecretKind Strengthened(ReadOnlySpan<byte> text, int start, int at)
    {
        var name = text[start..at].Trim(" \t\""u8);
        var before = text[..start].TrimEnd((byte)' ');
        return IsInCookies(text[Math.Max(0, at - Left)..start]) ? SecretKind.Token
            : name.SequenceEqual("encrypt"u8) || (name.SequenceEqual("sig"u8) && before.Length > 0 && before[^1] == '&') ? SecretKind.Key
            : SecretKind.Weak;
    }

    // Only the first few: what stands further behind the header's name is not seen to be in one.
    private static bool IsInCookies(ReadOnlySpan<byte> before)
    {
        var header = before.LastIndexOf("ookie:"u8);
        return header >= 0 && before[header..].IndexOf((byte)'\n') < 0;
    }

    private static int NameStart(ref ScanText text, int at)
    {
        var least = Math.Max(0, at - LongestName);
        var offset = at;
        var spaces = 0;
        while (offset > least)
        {
            var b = text[offset - 1];
            var isPart = IsNamePart(b) || (offset > at - 4 && b is ':' or '=' or '?' or '|' or '+');
            spaces += IsBlank(b) && offset < at && !IsBlank(text[offset]) ? 1 : 0;
            if (!isPart || spaces > MostSpaces || (b == ']' && IsBlank(text[offset]) && spaces > 0))
            {
                break;
            }

            offset--;
        }

        return offset;
    }

    private static bool IsBlank(int b) => b is ' ' or '\t';

    private static bool IsNamePart(int b) =>
        AsciiByte.IsAlphanumeric(b) || b is '_' or '-' or '.' or ' ' or '\t' or '"' or '\'' or '`' or '\\' or '[' or ']' or '$';
}
