using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>US social security numbers: three, two and four digits with equal separators, or nine digits after a label.</summary>
internal sealed class SsnDetector : Detector
{
    private const int Digits = 9;

    public override int MaxLength => 24;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter;

    public override bool IsTrigger(byte value) => value is >= (byte)'0' and <= (byte)'8';

    public override IEnumerable<Opening> Openings =>
        [new([b => IsTrigger((byte)b), AsciiByte.IsDigit, AsciiByte.IsDigit,
            .. Opening.Row(Opening.Length - 3, static b => AsciiByte.IsDigit(b) || Separators.IsPart(b, "."u8))]) { Condition = HasDigits }];

    private static readonly OpeningCondition HasDigits = static (text, at) => DigitGroups.MayHold(text, at, Digits);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        ref readonly var row = ref text.RowAt(at);
        if ((row.IsKnown && !MayBeOne(row)) || !DigitGroups.MayRun(ref text, at, Digits))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[Digits];
        var offset = at;
        var separators = 0;
        var separator = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (i is 3 or 5 && Separators.LengthAt(ref text, offset, "."u8) is > 0 and var length)
            {
                var code = text[offset + length - 1];
                if (separators > 0 && code != separator)
                {
                    return false;
                }

                separator = code;
                separators++;
                offset += length;
            }

            if (!AsciiByte.IsDigit(text[offset]))
            {
                return false;
            }

            digits[i] = (byte)(text[offset++] - '0');
        }

        end = offset;
        if (!IsIssuable(digits) || DigitGroups.IsInsideNumber(ref text, at) || DigitGroups.GoesOn(ref text, end))
        {
            return false;
        }

        text.Confidence = separators == 2 && Labels.IsOfThing(ref text, at) ? Confidence.Low : Confidence.High;
        return separators switch
        {
            2 => true,
            0 => !AsciiByte.IsLetter(text[at - 1]) && !AsciiByte.IsLetter(text[end]) && Labels.SocialSecurity.Precede(ref text, at, Labels.Reach),
            _ => false,
        };
    }

    // Three, two and four digits, or all in a row; separators outside ASCII are of more than one byte.
    private static bool MayBeOne(in DigitRow row) =>
        (row.NotAscii & 0xFFF) != 0 || (row.Digits & 0x7FF) == 0b1111_0_11_0_111 || (row.Digits & 0x1FF) == 0x1FF;

    private static bool IsIssuable(ReadOnlySpan<byte> digits)
    {
        var area = (digits[0] * 100) + (digits[1] * 10) + digits[2];
        return area is not (0 or 666) && area < 900 && (digits[3] | digits[4]) != 0 && (digits[5] | digits[6] | digits[7] | digits[8]) != 0;
    }
}
