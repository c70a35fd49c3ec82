using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Phones;

/// <summary>Spanish telephone numbers: nine digits that start with 6 to 9, with or without the code 34.</summary>
internal sealed class SpanishPhoneDetector : Detector
{
    private static readonly LabelWords Words =
        new("tel", "telefono*", "telf*", "movil*", "llama*", "phone*", "mobile*", "fijo", "contact*", "whatsapp*", "call");

    public override int MaxLength => 64;

    public override bool IsTrigger(byte value) => value is (byte)'+' or (byte)'0' or (>= (byte)'6' and <= (byte)'9');

    public override IEnumerable<Opening> Openings =>
    [
        new(Opening.Exactly('+'), Opening.Exactly('3'), Opening.Exactly('4')),
        new(Opening.Exactly('0'), Opening.Exactly('0'), Opening.Exactly('3'), Opening.Exactly('4')),
        new([static b =>
            b is >= '6' and <= '9', .. Opening.Row(Opening.Length - 1, static b => AsciiByte.IsDigit(b) || Separators.IsPart(b, "."u8))]),
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at);
        if (DigitGroups.IsInsideNumber(ref text, at) || (text[at] != '+' && text[at - 1] == '+'))
        {
            return false;
        }

        var code = text.Follows(at, "+34"u8) ? 3 : text.Follows(at, "0034"u8) ? 4 : 0;
        if (code > 0)
        {
            end += code;
            end += Separators.LengthAt(ref text, end, "."u8);
        }

        var number = end;
        if (text[number] is not (>= '6' and <= '9'))
        {
            return false;
        }

        var (gaps, sizes, size) = (0, 0, 0);
        for (var digits = 0; digits < 9; digits++)
        {
            var b = text[end];
            if (digits > 0 && !AsciiByte.IsDigit(b))
            {
                var length = b is ' ' or '-' ? 1 : Separators.LengthAt(ref text, end, "."u8);
                if (length == 0)
                {
                    return false;
                }

                end += length;
                gaps++;
                (sizes, size) = ((sizes * 10) + size, 0);
                b = text[end];
            }

            if (!AsciiByte.IsDigit(b))
            {
                return false;
            }

            end++;
            size++;
        }

        // Without code, separators or a word before it, nine digits may be anything.
        text.Confidence = code > 0 || Words.Precede(ref text, at, Labels.Reach) ? Confidence.High
            : (gaps, sizes) is (2, 33) or (3, 322 or 232) && !IsInRow(ref text, at, end)
                && !Labels.OtherNumber.Precede(ref text, at, Labels.OtherReach) ? Confidence.Medium
            : Confidence.Low;
        return !DigitGroups.GoesOn(ref text, end) && !AsciiByte.IsLetter(text[end]);
    }

    // Groups of a longer row: an amount, or numbers of a table.
    private static bool IsInRow(ref ScanText text, int at, int end) =>
        DigitGroups.ContinuesSeries(ref text, at) || (text[end] == ' ' && AsciiByte.IsDigit(text[end + 1]));
}
