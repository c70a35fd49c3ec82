using System.Numerics;
using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Texts;

/// <summary>
/// Postal addresses as they are written in English: a number, the words of a street, what kind of street, and what follows of unit, city, state and
/// code.
/// </summary>
internal sealed class StreetAddressDetector : Detector
{
    private const int MostWords = 4;
    private const int LongestWord = 24;

    // By their first letter.
    private static readonly ILookup<int, byte[]> KindsByFirst =
        ("street st avenue ave road rd boulevard blvd lane ln drive dr court ct way square sq terrace ter place pl parkway pkwy circle cir "
            + "highway hwy trail trl alley crescent cres close "
            + "gardens grove mews quay row walk wharf hill heights loop path pike ridge route turnpike crossing").Split(' ').Select(
                Encoding.ASCII.GetBytes).ToLookup(static kind => (int)kind[0]);

    private static readonly byte[][][] Kinds = [.. Enumerable.Range('a', 26).Select(static first => KindsByFirst[first].ToArray())];

    public override int MaxLength => 200;

    public override bool IsTrigger(byte value) => AsciiByte.IsDigit(value) || (value | 0x20) == 'p';

    public override IEnumerable<Opening> Openings =>
    [
        .. Enumerable.Range(1, 6).Select(static digits => new Opening([.. Opening.Row(digits, AsciiByte.IsDigit), Opening.Exactly(' '), IsFirst])),
        .. Enumerable.Range(1, 6).Select(static digits =>
            new Opening([.. Opening.Row(digits, AsciiByte.IsDigit), AsciiByte.IsLetter, Opening.Exactly(' '), IsFirst])),
        new(Opening.AnyCase('p'), Opening.AnyCase('o'), static b => b is '.' or ' ', static b => b is '.' or ' ' || (b | 0x20) == 'b'),
        new(Opening.AnyCase('p'), Opening.AnyCase('o'), Opening.AnyCase('b')),
        new(Opening.AnyCase('p'), static b => b is '.' or ' ', static b => b is '.' or ' ' || (b | 0x20) == 'o'),
    ];

    // Streets are written with capitals: "3 ways to drive" is none.
    private static bool IsFirst(int b) => AsciiByte.IsUpper(b) || AsciiByte.IsDigit(b) || b >= 0x80;

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = AsciiByte.IsDigit(text[at]) ? StreetEnd(ref text, at) : BoxEnd(ref text, at);
        if (end == 0)
        {
            return false;
        }

        text.Confidence = Confidence.Medium;
        end = RestEnd(ref text, end);
        return true;
    }

    private static int BoxEnd(ref ScanText text, int at)
    {
        var offset = at;
        foreach (var letter in "pobox"u8)
        {
            while (offset - at < 10 && text[offset] is ' ' or '.')
            {
                offset++;
            }

            if ((text[offset] | 0x20) != letter)
            {
                return 0;
            }

            offset++;
        }

        while (offset - at < 16 && text[offset] is ' ' or '#')
        {
            offset++;
        }

        var digits = offset;
        while (offset - digits < 8 && AsciiByte.IsDigit(text[offset]))
        {
            offset++;
        }

        return offset > digits ? offset : 0;
    }

    private static int StreetEnd(ref ScanText text, int at)
    {
        if (text[at - 1] is '.' or '-' or '/' or ':' or ',')
        {
            return 0;
        }

        // In a row of numbers no word says what kind of street it is.
        ref readonly var row = ref text.RowAt(at);
        if (row.IsKnown && row.Letters == 0 && BitOperations.PopCount(row.Spaces) > MostWords + 1)
        {
            return 0;
        }

        var offset = at;
        while (offset - at < 6 && AsciiByte.IsDigit(text[offset]))
        {
            offset++;
        }

        if (AsciiByte.IsLetter(text[offset]) && text[offset + 1] == ' ')
        {
            offset++;
        }

        for (var word = 0; word <= MostWords; word++)
        {
            if (text[offset] != ' ')
            {
                return 0;
            }

            var first = ++offset;
            while (offset - first < LongestWord && (AsciiByte.IsAlphanumeric(text[offset]) || text[offset] is '\'' or >= 0x80))
            {
                offset++;
            }

            if (offset == first || !IsFirst(text[first]))
            {
                return 0;
            }

            if (word > 0 && IsKind(ref text, first, offset - first))
            {
                return text[offset] == '.' ? offset + 1 : offset;
            }

            offset += text[offset] == '.' && offset - first <= 2 ? 1 : 0;
        }

        return 0;
    }

    // Up to four parts after commas or line ends, the last of them with a code of five digits: ", Apt 4, Springfield, IL 62704".
    private static int RestEnd(ref ScanText text, int at)
    {
        var end = at;
        var offset = at;
        for (var part = 0; part < 4; part++)
        {
            var next = offset;
            while (next - offset < 3 && text[next] is ' ' or ',' or '\n' or '\r')
            {
                next++;
            }

            var first = next;
            while (next - first < 40 && (AsciiByte.IsAlphanumeric(text[next]) || text[next] is ' ' or '#' or '.' or '-' or '\''))
            {
                next++;
            }

            if (next == first || !(AsciiByte.IsUpper(text[first]) || text[first] == '#' || AsciiByte.IsDigit(text[first])))
            {
                break;
            }

            offset = next;
            if (CodeEnd(ref text, first, next) is > 0 and var code)
            {
                end = code;
                break;
            }
        }

        return end;
    }

    private static int CodeEnd(ref ScanText text, int start, int end)
    {
        for (var at = start; at + 8 <= end; at++)
        {
            if (text[at] == ' ' && AsciiByte.IsUpper(text[at + 1]) && AsciiByte.IsUpper(text[at + 2]) && text[at + 3] == ' ' || at == start
                && AsciiByte.IsUpper(text[at]) && AsciiByte.IsUpper(text[at + 1]) && text[at + 2] == ' ')
            {
                var digits = text[at] == ' ' ? at + 4 : at + 3;
                var count = 0;
                while (count < 6 && AsciiByte.IsDigit(text[digits + count]))
                {
                    count++;
                }

                if (count == 5)
                {
                    return text[digits + 5] == '-' && AsciiByte.IsDigit(text[digits + 6]) && AsciiByte.IsDigit(text[digits + 9])
                        ? digits + 10
                        : digits + 5;
                }
            }
        }

        return 0;
    }

    private static bool IsKind(ref ScanText text, int at, int length)
    {
        if (!AsciiByte.IsLetter(text[at]))
        {
            return false;
        }

        foreach (var kind in Kinds[(text[at] | 0x20) - 'a'])
        {
            if (kind.Length == length && text.Follows(at, kind))
            {
                return true;
            }
        }

        return false;
    }
}
