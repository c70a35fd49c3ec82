using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LlmGuard.Scanning.Entities.Phones;

/// <summary>A row of digit groups as it is read, before anything is known about its plan.</summary>
internal struct PhoneNumber
{
    private const int MaxGroups = 8;
    private const int MostCodeDigits = 6;

    private Store _digits;
    private Store _sizes;
    private Store _ends;
    private int _at;
    private bool _allPoints;
    private bool _isUneven;
    private int _separator;

    /// <summary>Number of digits.</summary>
    public int Digits { get; private set; }

    /// <summary>Number of groups.</summary>
    public int Groups { get; private set; }

    /// <summary>The offset after the last digit, or after the parenthesis that closes behind it.</summary>
    public readonly int End => _at + _ends[Groups - 1];

    /// <summary>Bytes from where reading began to the end.</summary>
    public readonly int Length => _ends[Groups - 1];

    public readonly int FirstDigit => _digits[0];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Sizes => ((ReadOnlySpan<byte>)_sizes)[..Groups];

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> LeadingDigits => ((ReadOnlySpan<byte>)_digits)[..Digits];

    public readonly int DigitAt(int index) => _digits[index];

    /// <summary>Whether the same separator stands between all groups.</summary>
    public readonly bool IsEvenlySeparated => !_isUneven;

    /// <summary>Digits of the first groups.</summary>
    public readonly int DigitsOf(int groups)
    {
        var sum = 0;
        for (var i = 0; i < groups; i++)
        {
            sum += _sizes[i];
        }

        return sum;
    }

    /// <summary>Year, month and day, or the other way round.</summary>
    public readonly bool LooksLikeDate => Sizes is [4, 1 or 2, 1 or 2] or [1 or 2, 1 or 2, 2 or 4] or [4, 2, 2, ..];

    /// <summary>Day, month and a year of these days, with more behind them: the hour, or another date.</summary>
    public readonly bool BeginsWithDate =>
        Sizes is [2, 2, 4, ..] && LeadingDigits is [<= 3, _, <= 1, _, 1 or 2, 9 or 0, ..] && LeadingDigits is not [0, 0, ..];

    /// <summary>Whether each digit follows the one before without separators, as in 0123456789, or all are the same.</summary>
    public readonly bool IsCounted
    {
        get
        {
            var step = _digits[1] - _digits[0];
            for (var i = 1; i < Digits; i++)
            {
                if ((_digits[i] - _digits[i - 1] + 10) % 10 != step)
                {
                    return false;
                }
            }

            return Groups == 1 && step is (0 or 1);
        }
    }

    /// <summary>Four numbers with points, none longer than those of an address.</summary>
    public readonly bool LooksLikeAddress => Groups == 4 && _allPoints && !Sizes.ContainsAnyExceptInRange((byte)1, (byte)3);

    /// <summary>Reads groups from an offset on, as long as at most two separators or parentheses stand between them.</summary>
    public void Read(ref ScanText text, int at, int maxDigits)
    {
        _at = at;
        _allPoints = true;
        var offset = at + (text[at] == '+' ? 1 : 0);
        var isOpen = text[at] == '+' && text[at - 1] == '(';
        maxDigits += text[at] == '0' ? 2 : 0;
        while (Groups < MaxGroups)
        {
            var groupStart = GroupStart(ref text, offset, isFirst: Groups == 0, ref isOpen);
            var end = groupStart;
            var digits = Digits;
            while (digits <= maxDigits && AsciiByte.IsDigit(text[end]))
            {
                _digits[digits++] = (byte)(text[end++] - '0');
            }

            var size = end - groupStart;
            if (groupStart < 0 || size == 0 || digits > maxDigits)
            {
                return;
            }

            Digits = digits;

            _sizes[Groups] = (byte)size;
            _ends[Groups++] = (byte)(end - at);
            offset = end;
        }
    }

    /// <summary>The offset after a number of digits, if a group ends there; else 0.</summary>
    public readonly int EndOfDigits(int digits)
    {
        var sum = 0;
        for (var i = 0; i < Groups; i++)
        {
            sum += _sizes[i];
            if (sum == digits)
            {
                return _at + _ends[i];
            }
        }

        return 0;
    }

    /// <summary>The offset after an extension ("x12", "ext. 12"), or the given one when there is none.</summary>
    public static int ExtensionEnd(ref ScanText text, int at)
    {
        var offset = at;
        while (offset - at < 2 && text[offset] is ' ' or ',')
        {
            offset++;
        }

        var label = text.Follows(offset, "extension"u8) ? 9 : text.Follows(offset, "ext"u8)
            ? 3 : text.Follows(offset, "x"u8) || text[offset] == '#' ? 1 : 0;
        offset += label;
        if (label > 1 && text[offset] is '.' or ':')
        {
            offset++;
        }

        if (text[offset] == ' ')
        {
            offset++;
        }

        var digits = offset;
        while (offset - digits < 6 && AsciiByte.IsDigit(text[offset]))
        {
            offset++;
        }

        return label > 0 && offset > digits && !AsciiByte.IsAlphanumeric(text[offset]) ? offset : at;
    }

    // At most one pair of parentheses, as around an area code.
    private int GroupStart(ref ScanText text, int at, bool isFirst, ref bool isOpen)
    {
        var separators = 0;
        var offset = at;
        var onlyPoints = true;
        while (true)
        {
            var b = text[offset];
            if (AsciiByte.IsDigit(b))
            {
                _allPoints &= onlyPoints;
                return isFirst || offset > at ? offset : -1;
            }

            if (b == '(' && !isOpen)
            {
                isOpen = true;
                offset++;
                continue;
            }

            if (b == ')' && isOpen && !isFirst)
            {
                offset++;
                onlyPoints = false;
                continue;
            }

            // Behind the codes of a country and an area it parts one number, later two.
            var length = b == ' ' && text[offset + 1] == '/' && text[offset + 2] == ' ' && Digits <= MostCodeDigits ? 3
                : b is ' ' or '-' ? 1 : Separators.LengthAt(ref text, offset, "./"u8);
            if (length == 0 || ++separators > 2 || offset - at > 12 || (b == '-' && text[offset + 1] == '-'))
            {
                return -1;
            }

            onlyPoints &= b == '.';
            _isUneven |= _separator != 0 && _separator != b;
            _separator = b;
            offset += length;
        }
    }

    [InlineArray(20)]
    private struct Store
    {
        private byte _first;
    }
}
