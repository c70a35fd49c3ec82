using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Network;

/// <summary>Hardware addresses: six hexadecimal pairs with colons or hyphens, or three groups of four with points.</summary>
/// <param name="allowPoints">Whether the form with points counts.</param>
internal sealed class MacDetector(bool allowPoints) : Detector
{
    private const int Length = 17;
    private const int PointedLength = 14;

    public override int MaxLength => Length + 2;

    public override bool IsTrigger(byte value) => AsciiByte.IsHex(value);

    public override IEnumerable<Opening> Openings => allowPoints
        ? [Pairs, new([.. Opening.Row(4, AsciiByte.IsHex), Opening.Exactly('.'), .. Opening.Row(3, AsciiByte.IsHex)])]
        : [Pairs];

    private static Opening Pairs =>
        new(AsciiByte.IsHex, AsciiByte.IsHex, IsJoint, AsciiByte.IsHex, AsciiByte.IsHex, IsJoint, AsciiByte.IsHex, AsciiByte.IsHex);

    private static bool IsJoint(int b) => b is ':' or '-';

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        var separator = text[at + 2];
        if (separator is ':' or '-')
        {
            end = at + Length;
            return HasGroups(ref text, at, Length, 2, separator) && IsAlone(ref text, at, end, separator);
        }

        end = at + PointedLength;
        return allowPoints && HasGroups(ref text, at, PointedLength, 4, '.') && HasLetter(ref text, at) && IsAlone(ref text, at, end, '.');
    }

    private static bool HasGroups(ref ScanText text, int at, int length, int size, int separator)
    {
        for (var i = 0; i < length; i++)
        {
            var b = text[at + i];
            if (i % (size + 1) == size ? b != separator : !AsciiByte.IsHex(b))
            {
                return false;
            }
        }

        return true;
    }

    // Without a letter it may as well be an amount or a version.
    private static bool HasLetter(ref ScanText text, int at)
    {
        for (var i = 0; i < PointedLength; i++)
        {
            if (AsciiByte.IsLetter(text[at + i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAlone(ref ScanText text, int at, int end, int separator) =>
        !AsciiByte.IsAlphanumeric(text[end])
        && !(text[end] == separator && AsciiByte.IsHex(text[end + 1]))
        && !(text[at - 1] == separator && AsciiByte.IsHex(text[at - 2]));
}
