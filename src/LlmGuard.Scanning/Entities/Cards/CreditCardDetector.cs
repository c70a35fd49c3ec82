using System.Numerics;
using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Cards;

/// <summary>Payment card numbers: 13 to 19 digits of a known issuer range, any separators, Luhn.</summary>
internal sealed class CreditCardDetector : Detector
{
    private const int MinDigits = 13;
    private const int MaxDigits = 19;
    private const int MaxGap = 3;
    private const int Printed = 4;

    public override int MaxLength => (MaxDigits + 1) * (1 + (MaxGap * 3));

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter;

    public override bool IsTrigger(byte value) => value is >= (byte)'2' and <= (byte)'6';

    public override IEnumerable<Opening> Openings =>
        [new([b => IsTrigger((byte)b), .. Opening.Row(Opening.Length - 1, IsPart)]) { Condition = HasDigits }];

    private static readonly OpeningCondition HasDigits = static (text, at) => DigitGroups.MayHold(text, at, MinDigits);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        ref readonly var row = ref text.RowAt(at);
        var continuesSeries = DigitGroups.ContinuesSeries(ref text, at);
        if (!DigitGroups.MayRun(ref text, at, MinDigits)
            || (row.IsKnown && !MayBePrinted(row) && (continuesSeries || BitOperations.PopCount(row.Grouped) > MaxDigits))
            || (row.IsKnown && IsShort(row.First) && DigitGroups.HasRow(ref text, at, MaxDigits + 1, MaxGap)))
        {
            return false;
        }

        end = EndOf(ref text, at, continuesSeries);
        // The digits of a device or a parcel, which have such check digits, too.
        if (end > 0 && !text.Bytes[at..end].ContainsAnyExceptInRange((byte)'0', (byte)'9') && Labels.IsOfThing(ref text, at))
        {
            text.Confidence = Confidence.Low;
        }

        return end > 0;
    }

    // Apart, so that what is no row of a card does not pay for the space to read one.
    private static int EndOf(ref ScanText text, int at, bool continuesSeries)
    {
        var end = 0;
        Span<byte> digits = stackalloc byte[MaxDigits];
        Span<int> groups = stackalloc int[MaxDigits];
        var (count, groupCount, offset) = (0, 0, at);
        while (true)
        {
            var groupStart = offset;
            while (count < MaxDigits && AsciiByte.IsDigit(text[offset]))
            {
                digits[count++] = (byte)(text[offset++] - '0');
            }

            if (offset == groupStart || AsciiByte.IsDigit(text[offset]))
            {
                return end;
            }

            groups[groupCount++] = offset - groupStart;
            var gap = DigitGroups.Gap(ref text, offset, MaxGap);
            var isSeries = continuesSeries || (gap > 0 && AsciiByte.IsDigit(text[offset + gap]));
            if (count >= MinDigits && IsPlausible(ref text, at, offset, groups[..groupCount], isSeries)
                && CardNumbers.AreIssued(digits[..count]))
            {
                end = offset;
            }

            if (gap == 0 || count == MaxDigits)
            {
                return end;
            }

            offset += gap;
        }
    }

    // Whether it begins as a number does that is not grouped, or as one that is grouped as on cards: all that counts in a row of numbers. A second
    // group of which the size is not known is one behind other separators.
    private static bool MayBePrinted(in DigitRow row) => !IsShort(row.First) && (row.First != Printed || row.Second is Printed or 6 or 0);

    // A first group as it is on no card. In a row that goes on behind the longest number it is none, whatever parts its groups.
    private static bool IsShort(int first) => first is < MinDigits and not Printed;

    private static bool IsPart(int b) => AsciiByte.IsDigit(b) || Separators.IsPart(b, "./"u8);

    // A row of numbers contains card-like stretches by chance; there only the groupings that are printed on cards count.
    private static bool IsPlausible(ref ScanText text, int at, int end, scoped ReadOnlySpan<int> groups, bool isSeries)
    {
        if (groups.Length == 1)
        {
            return !AsciiByte.IsLetter(text[at - 1]) && text[at - 1] != '+' && !AsciiByte.IsLetter(text[end])
                && !DigitGroups.IsFraction(ref text, at) && !(text[end] == '.' && AsciiByte.IsDigit(text[end + 1]));
        }

        return isSeries ? groups is [4, 4, 4, 4] or [4, 6, 5] or [4, 6, 4] or [4, 4, 4, 4, _] or [4, 4, 4, 1] : text[at - 1] != '+';
    }
}
