namespace LlmGuard.Scanning.Entities;

/// <summary>A secret that is recognised by the word before it: <c>password=...</c>, <c>"api_key": "..."</c>, <c>&lt;pwd&gt;...</c>. The label stays.</summary>
internal sealed class LabelledValueDetector(SecretLabel[] labels) : Detector
{
    private const int LongestLabel = 40;
    private const int LongestValue = 2048;

    private const int Telling = 64;

    private readonly SecretLabel[]?[] _byFirstByte = ByFirstByte(labels);

    public override int MaxLength => LongestLabel + 40 + LongestValue + 40;

    public override bool SkipsInside => true;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool IsTrigger(byte value) => value < 128 && _byFirstByte[value | 0x20] is not null;

    public override IEnumerable<Opening> Openings => labels.SelectMany(label => label.Openings);

    // A label starts a word, or the part of one that starts with a capital.
    public override bool IsTriggerAfter(Neighbours before, byte value) =>
        IsTrigger(value) && (before != Neighbours.Letter || AsciiByte.IsUpper(value));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        var first = text[at];
        var before = text[at - 1];

        // "dbPassword" starts a word at its capital, "compass" does not at its "p".
        if (AsciiByte.IsLetter(before) && !(AsciiByte.IsUpper(first) && AsciiByte.IsLower(before)))
        {
            return None(out start, out end);
        }

        foreach (var label in _byFirstByte[first | 0x20]!)
        {
            var labelEnd = label.EndAt(ref text, at);
            if (labelEnd > 0 && ValueStart(ref text, label, labelEnd) is > 0 and var value && TryReadValue(ref text, label, value, out start, out end))
            {
                return true;
            }
        }

        return None(out start, out end);
    }

    // The offset of the value, its opening quote included, or 0 when no value is announced.
    private static int ValueStart(ref ScanText text, SecretLabel label, int labelEnd)
    {
        var offset = SkipQuote(ref text, labelEnd);
        var spaces = Spaces(ref text, offset);
        var next = text[offset + spaces];
        if (next == '>' && spaces == 0)
        {
            return offset + 1;
        }

        if (next is ':' or '=')
        {
            offset += spaces + 1;
            if (text[offset] is '=' or '>')
            {
                offset++;
            }

            return offset + Spaces(ref text, offset);
        }

        if (spaces == 0 || offset != labelEnd)
        {
            return 0;
        }

        offset += spaces;
        return label.TakesSpace ? offset : label.TakesIs && text.Follows(offset, "is "u8) ? offset + 3 + Spaces(ref text, offset + 3) : 0;
    }

    private static bool TryReadValue(ref ScanText text, SecretLabel label, int offset, out int start, out int end)
    {
        var afterQuote = SkipQuote(ref text, offset);
        var quote = afterQuote > offset ? text[afterQuote - 1] : 0;
        start = afterQuote;
        end = start;
        var (hasLetter, hasDigit, hasOther) = (false, false, false);
        while (end - start < LongestValue && !EndsValue(ref text, end, quote))
        {
            if (label.IsMixed && end - start == Telling && !(hasDigit && hasLetter))
            {
                return false;
            }

            var b = text[end++];
            hasDigit |= AsciiByte.IsDigit(b);
            hasLetter |= AsciiByte.IsLetter(b);
            hasOther |= !AsciiByte.IsAlphanumeric(b);
        }

        while (AsciiByte.IsContinuation(text[end]))
        {
            end--;
        }

        if (quote == 0)
        {
            while (end > start && text[end - 1] is ',' or '.' or ')' or ']' or '}' or ':' or '\\' or '?' or '!')
            {
                end--;
            }
        }

        var isBareWord = quote == 0 && !hasDigit && !hasOther;
        return end - start >= label.MinLength
            && !(label.IsMixed && !(hasDigit && hasLetter))
            && !(isBareWord && label.TakesIs && IsAnnouncedByIs(ref text, start))
            && !SecretValues.IsPlaceholder(ref text, start, end);
    }

    // "the password is required": prose, unless the value looks like no word.
    private static bool IsAnnouncedByIs(ref ScanText text, int start) => text[start - 1] == ' ' && text[start - 2] is 's' or 'S' && text[start - 3] is 'i' or 'I';

    private static bool EndsValue(ref ScanText text, int at, int quote)
    {
        var b = text[at];
        if (quote > 0)
        {
            return b == quote || b is -1 or '\n' or '\r' || (b == '\\' && text[at + 1] == quote);
        }

        return b is -1 or '"' or '\'' or '`' or ';' or '<' || AsciiByte.IsWhiteSpace(b)
            || (b == '&' && AsciiByte.IsLetter(text[at + 1]))
            || (b == ',' && (AsciiByte.IsWhiteSpace(text[at + 1]) || text[at + 1] is -1 or '"'))
            || (b == '\\' && text[at + 1] is 'n' or 'r' or 't' or '"' or '\'');
    }

    // A quote, also one that is escaped because the text is JSON or code within a string.
    private static int SkipQuote(ref ScanText text, int at)
    {
        var offset = at;
        while (offset - at < 3 && text[offset] == '\\')
        {
            offset++;
        }

        return text[offset] is '"' or '\'' or '`' ? offset + 1 : at;
    }

    private static int Spaces(ref ScanText text, int at)
    {
        var count = 0;
        while (count < 8 && text[at + count] is ' ' or '\t')
        {
            count++;
        }

        return count;
    }

    private static SecretLabel[]?[] ByFirstByte(SecretLabel[] labels)
    {
        var table = new SecretLabel[]?[128];
        foreach (var group in labels.GroupBy(label => label.FirstByte))
        {
            table[group.Key] = [.. group];
        }

        return table;
    }
}
