using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Cards;

/// <summary>
/// Card numbers in the groups that are printed on cards, parted by more than a few spaces or hyphens: by line breaks, tabs, columns or mark-up.
/// </summary>
/// <remarks>Tables and lists of numbers look alike, so that a group more before or behind them makes it one of those.</remarks>
internal sealed class BrokenCardDetector : Detector
{
    private const int Group = 4;
    private const int MostDigits = 16;
    private const int LongestTag = 40;
    private const int MostTags = 2;
    private const int MostSigns = 6;
    private const int LongestGap = (MostTags * LongestTag) + MostSigns;

    // Columns of a table have commas and bars between them, too.
    private static readonly LabelWords Cards = new(
        "card*", "cc", "ccn", "pan", "visa*", "mastercard*", "amex*", "american express", "maestro*", "karte*", "kreditkarte*", "carte*", "tarjeta*",
            "cartao*", "carta*", "kaart*", "kort*", "karta*", "kart*");

    private static readonly OpeningCondition HasNextGroup = static (text, at) => MayGoOn(text, at + Group);

    public override int MaxLength => MostDigits + (5 * LongestGap);

    public override bool IsTrigger(byte value) => value is >= (byte)'2' and <= (byte)'6';

    public override IEnumerable<Opening> Openings =>
    [
        Grouped(static b => b is >= '3' and <= '6', AsciiByte.IsDigit),
        Grouped(static b => b == '2', static b => b is >= '2' and <= '7'),
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, 0);
        Span<byte> digits = stackalloc byte[MostDigits];
        var (count, groups, offset, needsWord) = (0, 0, at, false);
        while (true)
        {
            var length = RowAt(ref text, offset, digits[count..]);
            if (length != LengthOf(groups, count, length))
            {
                return false;
            }

            count += length;
            groups++;
            offset += length;
            if (count == MostDigits || (groups == 3 && count == 15))
            {
                break;
            }

            var gap = GapAt(ref text, offset, out var isColumn);
            needsWord |= isColumn;
            if (gap == 0)
            {
                return false;
            }

            offset += gap;
        }

        end = offset;
        if (IsInList(ref text, at, end) || !CardNumbers.AreIssued(digits[..count]))
        {
            return false;
        }

        var isNamed = Cards.Precede(ref text, at, Labels.Reach);
        text.Confidence = isNamed ? Confidence.High : Confidence.Medium;
        return isNamed || !needsWord;
    }

    // Four groups of four, or four, six and five.
    private static int LengthOf(int groups, int count, int length) => (groups, count) switch
    {
        (1, Group) when length == 6 => 6,
        (2, Group + 6) => 5,
        _ => Group,
    };

    private static int RowAt(ref ScanText text, int at, scoped Span<byte> digits)
    {
        var length = 0;
        while (AsciiByte.IsDigit(text[at + length]))
        {
            if (length == digits.Length || length > 6)
            {
                return -1;
            }

            digits[length] = (byte)(text[at + length] - '0');
            length++;
        }

        return AsciiByte.IsLetter(text[at + length]) ? -1 : length;
    }

    // A list or table has one more number of about the same length beside these.
    private static bool IsInList(ref ScanText text, int start, int end)
    {
        var before = start - 1;
        while (start - before <= MostSigns && IsSign(text[before]))
        {
            before--;
        }

        var after = end + GapAt(ref text, end, out _);
        return (before < start - 1 && IsGroup(ref text, before, -1)) || (after > end && IsGroup(ref text, after, 1));
    }

    private static bool IsGroup(ref ScanText text, int at, int step)
    {
        var length = 0;
        while (length <= Group + 1 && AsciiByte.IsDigit(text[at + (length * step)]))
        {
            length++;
        }

        return length is Group or Group + 1;
    }

    private static int GapAt(ref ScanText text, int at, out bool isColumn)
    {
        var (offset, signs, tags) = (at, 0, 0);
        isColumn = false;
        while (true)
        {
            var b = text[offset];
            var other = b >= 0x80 ? Separators.LengthAt(ref text, offset, []) : 0;
            if (b == '<' && tags < MostTags && TagLengthAt(ref text, offset) is > 0 and var tag)
            {
                (offset, tags) = (offset + tag, tags + 1);
            }
            else if (signs < MostSigns && (IsSign(b) || other > 0))
            {
                isColumn |= b is ',' or '|' or ';';
                (offset, signs) = (offset + Math.Max(other, 1), signs + 1);
            }
            else
            {
                return AsciiByte.IsDigit(b) ? offset - at : 0;
            }
        }
    }

    private static int TagLengthAt(ref ScanText text, int at)
    {
        if (!AsciiByte.IsLetter(text[at + 1]) && !(text[at + 1] == '/' && AsciiByte.IsLetter(text[at + 2])))
        {
            return 0;
        }

        for (var offset = at + 2; offset - at < LongestTag && text[offset] is not (-1 or '<' or '\n'); offset++)
        {
            if (text[offset] == '>')
            {
                return offset + 1 - at;
            }
        }

        return 0;
    }

    private static bool IsSign(int b) => b is ' ' or '-' or '.' or '/' or '*' or '_' or '`' or '|' or ',' or ';' || AsciiByte.IsWhiteSpace(b);

    // Says "perhaps" where the bytes that tell it are not known.
    private static bool MayGoOn(ReadOnlySpan<byte> text, int at)
    {
        var limit = Math.Min(text.Length, at + Left - Group);
        for (var offset = at; offset < limit; offset++)
        {
            if (AsciiByte.IsDigit(text[offset]))
            {
                return offset > at;
            }

            if (text[offset] == '<')
            {
                return true;
            }

            if (!IsSign(text[offset]) && text[offset] < 0x80)
            {
                return false;
            }
        }

        return true;
    }

    private static Opening Grouped(Func<int, bool> first, Func<int, bool> second) =>
        new(first, second, AsciiByte.IsDigit, AsciiByte.IsDigit, static b => b == '<' || b >= 0x80 || IsSign(b))
        {
            Before = static b => !AsciiByte.IsAlphanumeric(b),
            Condition = HasNextGroup,
        };
}
