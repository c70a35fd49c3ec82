namespace LlmGuard.Scanning.Entities;

/// <summary>Telephone numbers: international, North American, national with a leading zero, and any plausible number after a label.</summary>
internal sealed class PhoneDetector : Detector
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    public override int MaxLength => 96;

    public override bool IsTrigger(byte value) => AsciiByte.IsDigit(value) || value is (byte)'+' or (byte)'(';

    public override IEnumerable<Opening> Openings =>
    [
        new(AsciiByte.IsDigit, IsPart, IsPart, IsPart),
        new(Opening.Exactly('+'), IsPart, IsPart, IsPart),
        new(Opening.Exactly('('), IsPart, IsPart, IsPart),
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        if (!DigitGroups.MayRun(ref text, at, MinDigits) || DigitGroups.IsInsideNumber(ref text, at))
        {
            return false;
        }

        var number = new PhoneNumber();
        number.Read(ref text, at, MaxDigits);
        if (number.Digits < MinDigits)
        {
            return false;
        }

        end = text[at] == '+' ? InternationalEnd(ref number)
            : IsInternationalPrefix(ref number) ? number.End
            : NorthAmericanEnd(ref number) is > 0 and var northAmerican ? northAmerican
            : IsNational(ref number) ? number.End
            : IsLabelled(ref text, at, ref number) ? number.End
            : 0;
        if (end == 0 || DigitGroups.GoesOn(ref text, end))
        {
            return false;
        }

        var extension = PhoneNumber.ExtensionEnd(ref text, end);
        var isGlued = extension == end && AsciiByte.IsLetter(text[end]);
        end = extension;
        return !isGlued;
    }

    private static bool IsPart(int b) => AsciiByte.IsDigit(b) || Separators.IsPart(b, "./()"u8);

    private static int InternationalEnd(ref PhoneNumber number)
    {
        if (number.FirstDigit == 0 || !CallingCodes.Start(number.LeadingDigits))
        {
            return 0;
        }

        // The North American plan is of fixed length, so a number that follows on the line is told apart.
        return number.FirstDigit == 1 ? number.EndOfDigits(11) : number.Digits is >= 7 and <= MaxDigits ? number.End : 0;
    }

    private static bool IsInternationalPrefix(ref PhoneNumber number) =>
        number.LeadingDigits is [0, 0, not 0, ..] && CallingCodes.Start(number.LeadingDigits[2..])
        && number.Digits is >= 10 and <= MaxDigits + 2 && number.Groups > 1;

    private static int NorthAmericanEnd(ref PhoneNumber number)
    {
        var sizes = number.Sizes;
        var (skip, digits) = sizes is [1, ..] && number.FirstDigit == 1 ? (1, 11) : (0, 10);
        return sizes.Length >= skip + 3 && sizes[skip] == 3 && sizes[skip + 1] == 3 && sizes[skip + 2] == 4 && number.DigitAt(skip) >= 2
            ? number.EndOfDigits(digits)
            : 0;
    }

    // A trunk zero, an area, a subscriber. Dates have fewer digits.
    private static bool IsNational(ref PhoneNumber number) =>
        number.FirstDigit == 0 && number.DigitAt(1) > 0 && number.Digits is >= 9 and <= 12 && number.Groups is >= 2 and <= 5 && !number.Sizes.Contains((byte)1);

    private static bool IsLabelled(ref ScanText text, int at, ref PhoneNumber number) =>
        !number.LooksLikeDate && !number.LooksLikeAddress && number.Groups <= 5 && Labels.Precede(ref text, at, Labels.Telephone);
}
