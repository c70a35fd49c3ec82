using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Phones;

/// <summary>
/// Telephone numbers: international by the plans of all countries, national in the groupings that people write, and any plausible number next to a
/// label.
/// </summary>
internal sealed class PhoneDetector : Detector
{
    private const int MinDigits = 6;
    private const int MaxDigits = 15;

    private const int StateReach = 12;

    // What is longer is a time in milliseconds as often as a telephone's.
    private const int LongRow = 12;

    public override int MaxLength => 128;

    public override bool IsTrigger(byte value) => AsciiByte.IsDigit(value) || IsSign(value);

    // A row that ends within the bytes that an opening looks at holds the digits there: "299.50 to" does not.
    public override IEnumerable<Opening> Openings =>
    [
        Of([AsciiByte.IsDigit, .. Opening.Row(Opening.Length - 1, IsPart)]),
        Of([IsSign, static b => IsPart(b) && b is not ('+' or ')'), .. Opening.Row(Opening.Length - 2, IsPart)]),
        Of([.. Opening.Row(MinDigits, AsciiByte.IsDigit), static b => !IsPart(b)]),
        .. Enumerable.Range(0, Opening.Length - 1).Select(static other => Of(
        [
            .. Enumerable.Range(0, Opening.Length - 1).Select(place =>
                place != other ? AsciiByte.IsDigit : place == 0 ? IsSign : (Func<int, bool>)IsPart), static b => !IsPart(b),
        ])),
    ];

    private static Opening Of(params Func<int, bool>[] places) => new(places) { Before = static b => b != '+', Condition = HasDigits };

    private static readonly OpeningCondition HasDigits = static (text, at) => DigitGroups.MayHold(text, at, MinDigits);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        if (!DigitGroups.MayRun(ref text, at, MinDigits) || DigitGroups.IsInsideNumber(ref text, at) || text[at - 1] == '+'
            || (text[at - 1] is '/' or ':' && AsciiByte.IsDigit(text[at - 2])))
        {
            return false;
        }

        if (IsRowOfNumbers(ref text, at))
        {
            return false;
        }

        var number = new PhoneNumber();
        number.Read(ref text, at, MaxDigits);
        if (number.Digits < MinDigits)
        {
            return false;
        }

        end = EndOf(ref text, at, ref number);
        if (end == 0 || DigitGroups.GoesOn(ref text, end) || IsTerm(ref text, at, end) || IsPostalCode(ref text, at, ref number))
        {
            return false;
        }

        var extension = PhoneNumber.ExtensionEnd(ref text, end);
        var isGlued = extension == end && AsciiByte.IsLetter(text[end]);
        end = extension;
        return !isGlued;
    }

    // "a + 41975630244216*b".
    private static bool IsTerm(ref ScanText text, int at, int end) =>
        text[at] == '+' && text[at + 1] == ' ' && text[end] is '*' or '/' or '^' && text[at - 1] != text[end];

    // "Boston, MA  02111-1307", also where the line ends between the two: five and four digits behind the two letters of a state.
    private static bool IsPostalCode(ref ScanText text, int at, ref PhoneNumber number)
    {
        if (number.Sizes is not [5, 4])
        {
            return false;
        }

        var offset = at - 1;
        while (at - offset < StateReach && text[offset] is ' ' or '\t' or '\r' or '\n' or '#' or '*' or '/' or '.')
        {
            offset--;
        }

        return offset < at - 1 && AsciiByte.IsUpper(text[offset]) && AsciiByte.IsUpper(text[offset - 1]) && text[offset - 2] is ' ' or ',' or '\n';
    }

    // Of five groups or more there are, but for what a word goes with, only numbers that begin with a zero, and those of North America; of seven or
    // more only those with a prefix for other countries instead of all that begin with a zero: see EndOf.
    private static bool IsRowOfNumbers(ref ScanText text, int at)
    {
        ref readonly var row = ref text.RowAt(at);
        return row.IsKnown && row.First > 0 && !IsNorthAmerican(row)
            && (row.HasGroups(7, MaxDigits) ? text[at] != '0' || !MayBePrefix(ref text, at)
                : text[at] != '0' && row.Letters == 0 && row.HasGroups(5, MaxDigits) && !LabelWords.AnyPrecedes(ref text, at)
                    && !ForeignPhoneLabels.MayPrecede(text.Bytes, at));
    }

    // Three, three and four digits, perhaps behind a single one.
    private static bool IsNorthAmerican(in DigitRow row) =>
        row.Second == 3 && ((row.Grouped & 0x1FFF) == 0b1111_0_111_0_111 || (row.Grouped & 0x7FFF) == 0b1111_0_111_0_111_0_1);

    // "00" or "011", however it is parted.
    private static bool MayBePrefix(ref ScanText text, int at)
    {
        var second = AsciiByte.IsDigit(text[at + 1]) ? at + 1 : at + 2;
        var third = AsciiByte.IsDigit(text[second + 1]) ? second + 1 : second + 2;
        return (text[second], text[third]) is ('0', not '0') or ('1', '1');
    }

    private static int EndOf(ref ScanText text, int at, ref PhoneNumber number)
    {
        text.Confidence = Confidence.High;
        var isInternational = text[at] == '+' || (text[at] == '(' && text[at + 1] == '+');
        if (isInternational)
        {
            return InternationalEnd(ref text, ref number);
        }

        if (IsInternationalPrefix(ref number))
        {
            return number.End;
        }

        if (NorthAmericanEnd(ref number) is > 0 and var end)
        {
            text.Confidence = Labels.IsOfThing(ref text, at) ? Confidence.Low : Confidence.High;
            return end;
        }

        if (IsLabelled(ref text, at, ref number))
        {
            return number.End;
        }

        // The grouping alone: not where another word says what the number is, and not for digits that are counted up.
        text.Confidence = number.IsCounted || Labels.OtherNumber.Precede(ref text, at, Labels.OtherReach) ? Confidence.Low : Confidence.Medium;
        return (IsNational(ref number) && !IsZeroAlone(ref text, at, ref number)) || IsParenthesised(ref text, at, ref number)
            || IsRepeatedPairs(ref number) ? number.End : 0;
    }

    private static bool IsSign(int b) => b is '+' or '(';

    private static bool IsPart(int b) => AsciiByte.IsDigit(b) || Separators.IsPart(b, "./()+"u8);

    private static int InternationalEnd(ref ScanText text, ref PhoneNumber number)
    {
        // The North American plan is of fixed length, so a number that follows on the line is told apart.
        if (number.FirstDigit == 1)
        {
            // No area begins with a zero, what is binary does.
            return number.DigitAt(1) == 0 ? 0 : number.EndOfDigits(11);
        }

        for (var groups = number.Groups; groups > 0; groups--)
        {
            var digits = number.DigitsOf(groups);
            if (digits is >= MinDigits and <= MaxDigits + 1 && HasWholeCode(ref number) && CallingCodes.IsNumber(number.LeadingDigits[..digits]))
            {
                return number.EndOfDigits(digits);
            }
        }

        text.Confidence = Confidence.Medium;
        var isNumber = number.Digits is >= 8 and <= MaxDigits
            && ((HasWholeCode(ref number) && CallingCodes.IsNumber(number.LeadingDigits, slack: 1)) || IsGroupedAsNumber(ref text, ref number));
        return isNumber ? number.End : 0;
    }

    // Behind the sign three groups or more of two to five digits are hardly anything else, whatever the country: people give examples, and plans
    // change. Coordinates have a sign before the second one, too.
    private static bool IsGroupedAsNumber(ref ScanText text, ref PhoneNumber number)
    {
        if (number.Groups < 3 || number.Sizes[1..].ContainsAnyExceptInRange((byte)2, (byte)5) || number.Digits < 10)
        {
            return false;
        }

        var bytes = text.Bytes[(number.End - number.Length)..number.End];
        return bytes.IndexOfAny(" -"u8) > 0 && bytes.IndexOf(" -"u8) < 0 && bytes.IndexOf("- "u8) < 0 && bytes.IndexOf("  "u8) < 0;
    }

    // Nobody parts the code of a country, as "+37.7749" does, but Ukrainians, who see a trunk zero in the last digit of theirs: "+38 (050)".
    private static bool HasWholeCode(ref PhoneNumber number) =>
        number.Sizes[0] >= CallingCodes.CodeLength(number.LeadingDigits) || number.LeadingDigits is [3, 8, 0, ..];

    private static bool IsInternationalPrefix(ref PhoneNumber number) =>
        (number.LeadingDigits is [0, 0, not 0, ..] && CallingCodes.IsNumber(number.LeadingDigits[2..]) && number.Digits >= 11)
        || (number.LeadingDigits is [0, 1, 1, not 0, ..] && number.Sizes is [3, _, _, ..] && CallingCodes.IsNumber(number.LeadingDigits[3..]));

    private static int NorthAmericanEnd(ref PhoneNumber number)
    {
        var sizes = number.Sizes;
        var (skip, digits) = sizes is [1, ..] && number.FirstDigit == 1 ? (1, 11)
            : sizes is [3, 3, 3, 4, ..] && number.LeadingDigits is [0, 0, 1, ..] ? (1, 13) : (0, 10);
        var area = digits == 13 ? 3 : skip;
        return sizes.Length >= skip + 3 && sizes[skip] == 3 && sizes[skip + 1] == 3 && sizes[skip + 2] == 4
            && (number.DigitAt(area) | number.DigitAt(area + 1)) != 0
            ? number.EndOfDigits(digits)
            : 0;
    }

    // A trunk zero, an area, a subscriber. Dates have fewer digits.
    private static bool IsNational(ref PhoneNumber number) =>
        number.FirstDigit == 0 && number.DigitAt(1) > 0 && !number.LooksLikeAddress && !number.BeginsWithDate
        && (number.Groups is >= 2 and <= 6 ? (number.Digits is >= 9 and <= 12 || number.Sizes is [3 or 4, 2, 3 or 4, 4])
            && !number.Sizes[1..].Contains((byte)1) : number.Groups == 1 && number.Digits is 10 or 11);

    // A zero by itself is the trunk prefix only before an area in parentheses: "0 0 1024 1024" are numbers.
    private static bool IsZeroAlone(ref ScanText text, int at, ref PhoneNumber number) =>
        number.Sizes[0] == 1 && text[at + 1] != '(' && !text.Follows(at + 1, " ("u8);

    // An area in parentheses, then a subscriber of at least six digits.
    private static bool IsParenthesised(ref ScanText text, int at, ref PhoneNumber number) =>
        text[at] == '(' && text[at + 1 + number.Sizes[0]] == ')' && number.Sizes is [>= 2 and <= 5, >= 3, ..]
            && number.Groups <= 4 && number.Digits is >= 8 and <= 12;

    // The groupings in pairs of France, Belgium, Denmark and others: five pairs after a zero, four, or a mobile prefix and three pairs; mobiles of
    // China, and what costs the caller nothing in Australia.
    private static bool IsRepeatedPairs(ref PhoneNumber number) =>
        number.IsEvenlySeparated && (number.Sizes is [2, 2, 2, 2, 2] && number.LeadingDigits is [0, not 0, ..]
            || (number.Sizes is [3, 2, 2, 2] or [3, 3, 3] && number.FirstDigit is 6 or 7 or 8 or 9)
            || (number.Sizes is [3, 4, 4] && number.LeadingDigits is [1, >= 3, ..])
            || (number.Sizes is [4, 3, 3] && number.LeadingDigits is [1, 3 or 8, 0, 0, ..]));

    private static bool IsLabelled(ref ScanText text, int at, ref PhoneNumber number) =>
        !number.LooksLikeDate && !number.BeginsWithDate && !number.LooksLikeAddress && number.Groups <= 6
        && (number.Digits > MinDigits || number.Sizes is [2, 2, 2]) && !IsPartOfName(ref text, at, ref number)
        && ((Labels.Telephone.Precede(ref text, at, Labels.Reach) && IsOwnLabel(ref text, at) && !Labels.IsOfThing(ref text, at))
            || ForeignPhoneLabels.Precede(ref text, at)
            || (Labels.SomeNumber.Precede(ref text, at, Labels.Reach) && !Labels.OtherNumber.Precede(ref text, at, Labels.OtherReach))
            || Labels.Follow(ref text, number.End, Labels.Line));

    // "arn:aws:ssm-contacts:*:111122223333:contact", "contact-channels-1630436634872".
    private static bool IsPartOfName(ref ScanText text, int at, ref PhoneNumber number) => number.Groups == 1 && number.Digits >= LongRow
        && ((text[at - 1] == ':' && text[number.End] == ':') || (text[at - 1] == '-' && AsciiByte.IsLetter(text[at - 2])));

    // There hardly ever is a label, so that whose it is need not be asked first.
    private static bool IsOwnLabel(ref ScanText text, int at) =>
        FieldNames.Reach(ref text, at, Labels.Reach) is var reach && (reach == Labels.Reach || Labels.Telephone.Precede(ref text, at, reach));
}
