using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Named;

/// <summary>
/// A value that mark-up parts from its name: <c>**Password:** ...</c>, <c>**API key**: `...`</c>, <c>| DB password | ... |</c>,
/// <c>&lt;td&gt;Token&lt;/td&gt;&lt;td&gt;...</c>.
/// </summary>
/// <param name="kind">What the name must say.</param>
internal sealed class MarkedSecretDetector(SecretKind kind) : Detector
{
    private const int LongestName = 56;
    private const int LongestValue = 512;
    private const int LongestTag = 40;
    private const int MostTags = 3;
    private const int MostStars = 3;
    private const int MostSpaces = 8;
    private const int Least = 4;

    public override int MaxLength => ((MostTags + 1) * (LongestTag + MostSpaces)) + LongestValue + (2 * MostSpaces) + 8;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value is (byte)'*' or (byte)'|' or (byte)'<';

    public override IEnumerable<Opening> Openings =>
    [
        new(Opening.Exactly('*'), Opening.Exactly('*'), IsSpaceOrValue) { Before = Opening.Exactly(':'), Condition = SecretNames.MayName },
        new(Opening.Exactly('*'), Opening.Exactly('*'), Opening.Exactly(':')) { Before = IsNameEnd, Condition = SecretNames.MayName },
        new(Opening.Exactly('*'), Opening.Exactly(' '), IsSpaceOrValue) { Before = Opening.Exactly(':'), Condition = SecretNames.MayName },
        new(Opening.Exactly('*'), Opening.Exactly(':'), IsSpaceOrValue) { Before = IsNameEnd, Condition = SecretNames.MayName },
        new(Opening.Exactly('|'), IsSpaceOrValue, IsSpaceOrValue, IsSpaceOrValue, IsSpaceOrValue)
        {
            Before = static b => IsNameEnd(b) || b == ' ', Condition = SecretNames.MayName,
        },
        new(Opening.Exactly('<'), Opening.Exactly('/'), AsciiByte.IsLetter)
        {
            Before = static b => IsNameEnd(b) || b == ':', Condition = SecretNames.MayName,
        },
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (0, 0);
        var offset = ValueStart(ref text, at);
        if (offset == 0 || Named(ref text, at) != kind)
        {
            return false;
        }

        var value = SecretText.Read(ref text, offset, LongestValue, LongestValue);
        (start, end) = (value.Start, value.End);
        if (value.Quote == 0 && text[at] == '|')
        {
            end = CellEnd(ref text, start);
            value = value with { End = end };
        }

        // What a cell says of a password is rarely one; and where more stands on the line, it may be a sentence about it.
        return value.Length >= Least && !value.IsCut && (text[at] != '|' || IsWholeCell(ref text, value))
            && (kind != SecretKind.Password || (text[at] == '*' && EndsLine(ref text, value))
                || ChosenPassword.Is(text.Bytes[start..end], isExpected: true))
            && SecretJudge.IsSecret(ref text, value, kind, isTight: false);
    }

    private static bool IsNameEnd(int b) => AsciiByte.IsAlphanumeric(b) || b is '`' or ')';

    private static bool IsSpaceOrValue(int b) => b is ' ' or '\t' or > ' ';

    private static int ValueStart(ref ScanText text, int at)
    {
        var offset = at;
        switch (text[at])
        {
            case '*':
                while (offset - at < MostStars && text[offset] == '*')
                {
                    offset++;
                }

                // The colon stands before the stars or behind them.
                return text[at - 1] == ':' ? text.AfterBlanks(offset, MostSpaces)
                    : text[offset] == ':' ? text.AfterBlanks(offset + 1, MostSpaces)
                    : 0;
            case '|':
                return text[at + 1] == '|' || text[at - 1] == '|' ? 0 : text.AfterBlanks(at + 1, MostSpaces);
            default:
                return AfterTags(ref text, at);
        }
    }

    // Behind a tag that closes and those that open the next element.
    private static int AfterTags(ref ScanText text, int at)
    {
        var offset = at;
        for (var tags = 0; tags <= MostTags && text[offset] == '<' && (tags == 0 || text[offset + 1] != '!'); tags++)
        {
            var end = offset + 1;
            while (end - offset < LongestTag && text[end] is >= ' ' and not ('<' or '>'))
            {
                end++;
            }

            if (text[end] != '>')
            {
                return 0;
            }

            offset = end + 1;
            offset += tags == 0 && text[offset] == ':' ? 1 : 0;
            for (var spaces = 0; spaces < MostSpaces && AsciiByte.IsWhiteSpace(text[offset]); spaces++)
            {
                offset++;
            }
        }

        return text[offset] == '<' ? 0 : offset;
    }

    // All that stands between two marks is the name.
    private static SecretKind Named(ref ScanText text, int at)
    {
        var start = at;
        while (at - start < LongestName && (IsNameEnd(text[start - 1]) || text[start - 1] is ' ' or '_' or '-' or '.' or ':' or '(' or '/'))
        {
            start--;
        }

        var isMarked = (text[at], text[start - 1]) is ('*', '*') or ('|', '|' or '\n' or -1) or ('<', '>');
        return isMarked && start < at ? SecretNames.KindOf(text.Bytes[start..at]) : SecretKind.None;
    }

    // A sign at the end of a cell ends no sentence.
    private static int CellEnd(ref ScanText text, int start)
    {
        var end = start;
        while (end - start < LongestValue && text[end] is > ' ' and not '|')
        {
            end++;
        }

        return end;
    }

    private static bool IsWholeCell(ref ScanText text, SecretText value) => Behind(ref text, value) is '|' or '\n' or '\r' or -1;

    private static bool EndsLine(ref ScanText text, SecretText value) => Behind(ref text, value) is '\n' or '\r' or '\\' or -1;

    private static int Behind(ref ScanText text, SecretText value) =>
        text[text.AfterBlanks(value.End + (value.Quote > 0 ? 1 : 0), MostSpaces)];
}
