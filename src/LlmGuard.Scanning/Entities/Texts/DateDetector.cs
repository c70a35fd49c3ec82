using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Texts;

/// <summary>Dates: ISO, day or month first, and with the name of the month.</summary>
/// <param name="ofBirth">Whether only dates count before which a word says that somebody was born then.</param>
internal sealed class DateDetector(bool ofBirth) : Detector
{
    private const int BirthReach = 48;

    // "th", two joints, "of ".
    private const int LongestBeforeMonth = 7;

    private static readonly LabelWords Birth = new(
        "birth*", "born", "dob", "d.o.b*", "bday", "b-day", "geboren", "geburts*", "geb.", "nacimiento", "nacid*", "naissance", "nato", "nata",
            "nascita", "nasciment*", "nascid*", "urodz*", "fodelse*", "fodt", "dogum*",
        "né le", "née le", "né(e) le", "född", "födelse*", "født", "fødsel*", "doğum*", "narozen*", "született", "syntyn*", "născut*", "rođen*");

    private static readonly OpeningCondition MayBeOfBirth = static (text, at) => Birth.MayPrecede(text, at, BirthReach);

    private static readonly OpeningCondition IsMonthNext = MayBeBeforeMonth;

    public override int MaxLength => 48;

    public override bool IsTrigger(byte value) => AsciiByte.IsDigit(value) || MonthNames.StartsWith(value);

    // Most dates that people write are no birthdays, and most numbers before a word no dates. That a month is next is asked once for both: where it
    // is, the words before it are looked at in the end.
    public override IEnumerable<Opening> Openings =>
        [.. InDigits.Concat(MonthNames.Openings).Select(opening => opening.If(ofBirth ? MayBeOfBirth : null)),
            .. BeforeName.Select(static opening => opening.If(IsMonthNext))];

    private static IEnumerable<Opening> InDigits =>
    [
        new([.. Opening.Row(4, AsciiByte.IsDigit), IsSign, AsciiByte.IsDigit, IsSign, AsciiByte.IsDigit]),
        new([.. Opening.Row(4, AsciiByte.IsDigit), IsSign, AsciiByte.IsDigit, AsciiByte.IsDigit, IsSign]),
        .. Enumerable.Range(0, 4).Select(static digits => new Opening(
        [
            .. Opening.Row(1 + (digits & 1), AsciiByte.IsDigit), IsSign,
                .. Opening.Row(1 + (digits >> 1), AsciiByte.IsDigit), IsSign, AsciiByte.IsDigit,
        ])),
    ];

    // Of one digit or two: what may stand between the day and the month, and how the month begins.
    private static IEnumerable<Opening> BeforeName => Enumerable.Range(1, 2).SelectMany(static digits =>
        new Func<int, bool>[][]
        {
            [IsJoint, .. MonthNames.Beginning],
            [IsJoint, IsJoint, .. MonthNames.Beginning],
            [.. Of],
            [IsJoint, .. Of],
            [IsJoint, IsJoint, .. Of],
            [static b => (b | 0x20) is 's' or 'n' or 'r' or 't', static b => (b | 0x20) is 't' or 'd' or 'h'],
        }.Select(after => new Opening([.. Opening.Row(digits, AsciiByte.IsDigit), .. after])));

    // "of ", "de ".
    private static Func<int, bool>[] Of => [static b => (b | 0x20) is 'o' or 'd', static b => (b | 0x20) is 'f' or 'e', Opening.Exactly(' ')];

    /// <summary>Whether a byte may part the day from the month, or the month from the year.</summary>
    public static bool IsJoint(int b) => IsSign(b) || b is ' ' or ',';

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        if (text[at - 1] is '.' or '-' or '/' or ':' && AsciiByte.IsDigit(text[at - 2]))
        {
            return false;
        }

        end = AsciiByte.IsDigit(text[at]) ? DigitsFirst(ref text, at) : MonthFirst(ref text, at);
        if (end == 0 || AsciiByte.IsAlphanumeric(text[end]) && text[end] is not 'T'
            || (text[end] is '-' or '/' or '.' && AsciiByte.IsDigit(text[end + 1])))
        {
            return false;
        }

        if (ofBirth && !Birth.Precede(ref text, at, BirthReach))
        {
            return false;
        }

        text.Confidence = ofBirth ? Confidence.High : text.Confidence;
        return true;
    }

    private static bool IsSign(int b) => b is '-' or '/' or '.';

    // As DigitsFirst reads it, as far as the text is known.
    private static bool MayBeBeforeMonth(ReadOnlySpan<byte> text, int at)
    {
        var offset = at;
        while (offset - at < 2 && offset < text.Length && AsciiByte.IsDigit(text[offset]))
        {
            offset++;
        }

        var rest = text[offset..];
        if (rest.Length < LongestBeforeMonth)
        {
            return true;
        }

        offset += IsOrdinal(rest[0] | 0x20, rest[1] | 0x20) ? 2 : 0;
        var joints = offset;
        while (offset - joints < 2 && IsJoint(text[offset]))
        {
            offset++;
        }

        var isOf = text[offset + 2] == ' ' && ((text[offset] | 0x20) == 'o' || (text[offset] | 0x20) == 'd');
        return MonthNames.MayStand(text, isOf ? offset + 3 : offset);
    }

    private static int DigitsFirst(ref ScanText text, int at)
    {
        var first = Number(ref text, at, 4, out var afterFirst);
        var digits = afterFirst - at;
        var joint = text[afterFirst];
        if (digits == 4)
        {
            return IsSign(joint) && first is >= 1000 and <= 2999 ? YearFirst(ref text, afterFirst, joint) : 0;
        }

        if (digits > 2 || first is 0 or > 31)
        {
            return 0;
        }

        if (IsSign(joint) && AsciiByte.IsDigit(text[afterFirst + 1]))
        {
            return Numeric(ref text, first, afterFirst, joint);
        }

        // "3rd of May 2020", "3. Mai 2020", "3 de mayo de 2020", "03-May-2020"
        var offset = afterFirst;
        offset += text.Follows(offset, "st"u8) || text.Follows(offset, "nd"u8) || text.Follows(offset, "rd"u8) || text.Follows(offset, "th"u8)
            ? 2
            : 0;
        offset = Joints(ref text, offset);
        offset += text.Follows(offset, "of "u8) || text.Follows(offset, "de "u8) ? 3 : 0;
        var month = offset > afterFirst ? MonthNames.EndAt(ref text, offset) : 0;
        return month == 0 ? 0 : Year(ref text, month);
    }

    private static bool IsOrdinal(int first, int second) => (first, second) is ('s', 't') or ('n', 'd') or ('r', 'd') or ('t', 'h');

    private static int YearFirst(ref ScanText text, int at, int joint)
    {
        var month = Number(ref text, at + 1, 2, out var afterMonth);
        var day = Number(ref text, afterMonth + 1, 2, out var end);
        return text[afterMonth] == joint && month is >= 1 and <= 12 && day is >= 1 and <= 31 && end > afterMonth + 1 ? end : 0;
    }

    private static int Numeric(ref ScanText text, int first, int at, int joint)
    {
        var second = Number(ref text, at + 1, 2, out var afterSecond);
        if (text[afterSecond] != joint || second is 0 or > 31 || (first > 12 && second > 12))
        {
            return 0;
        }

        var year = Number(ref text, afterSecond + 1, 4, out var end);
        var digits = end - afterSecond - 1;
        text.Confidence = digits == 4 ? Confidence.High : joint == '.' ? Confidence.Low : Confidence.Medium;
        return digits == 2 || (digits == 4 && year is >= 1000 and <= 2999) ? end : 0;
    }

    private static int MonthFirst(ref ScanText text, int at)
    {
        var month = MonthNames.EndAt(ref text, at);
        if (month == 0)
        {
            return 0;
        }

        var offset = Joints(ref text, month);
        var day = Number(ref text, offset, 4, out var end);
        if (end == offset || offset == month)
        {
            return 0;
        }

        // "May 2020"
        if (end - offset == 4)
        {
            text.Confidence = Confidence.Medium;
            return day is >= 1900 and <= 2099 ? end : 0;
        }

        end += text.Follows(end, "st"u8) || text.Follows(end, "nd"u8) || text.Follows(end, "rd"u8) || text.Follows(end, "th"u8) ? 2 : 0;
        return day is >= 1 and <= 31 ? Year(ref text, end) : 0;
    }

    // The year, where one follows. A day and a month alone are a date too, but a weaker one.
    private static int Year(ref ScanText text, int at)
    {
        var offset = Joints(ref text, at);
        offset += text.Follows(offset, "de "u8) || text.Follows(offset, "of "u8) ? 3 : text.Follows(offset, "del "u8) ? 4 : 0;
        var year = Number(ref text, offset, 4, out var end);
        if (offset > at && (end - offset == 4 && year is >= 1000 and <= 2999 || (end - offset == 2 && text[at] is '-' or '/')))
        {
            text.Confidence = Confidence.High;
            return end;
        }

        text.Confidence = Confidence.Medium;
        return at;
    }

    private static int Joints(ref ScanText text, int at)
    {
        var offset = at;
        while (offset - at < 2 && IsJoint(text[offset]))
        {
            offset++;
        }

        return offset;
    }

    private static int Number(ref ScanText text, int at, int most, out int end)
    {
        var value = 0;
        end = at;
        while (end - at < most && AsciiByte.IsDigit(text[end]))
        {
            value = (value * 10) + text[end++] - '0';
        }

        return value;
    }
}
