using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Network;

/// <summary>IPv6 addresses in every form of RFC 4291: full, compressed, and with an IPv4 tail.</summary>
internal sealed class Ipv6Detector : Detector
{
    private const int Longest = 45;
    private const int Groups = 8;
    private const int LongestName = 16;

    public override int MaxLength => Longest + 20;

    public override bool IsTrigger(byte value) => AsciiByte.IsHex(value) || value == ':';

    public override IEnumerable<Opening> Openings =>
    [
        new(IsColon, IsColon, AsciiByte.IsHex),
        new(AsciiByte.IsHex, IsColon, IsPart),
        new(AsciiByte.IsHex, AsciiByte.IsHex, IsColon, IsPart),
        new(AsciiByte.IsHex, AsciiByte.IsHex, AsciiByte.IsHex, IsColon, IsPart),
        new(AsciiByte.IsHex, AsciiByte.IsHex, AsciiByte.IsHex, AsciiByte.IsHex, IsColon, IsPart),
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        if ((text[at - 1] == ':' && !EndsName(ref text, at - 1)) || (text[at] == ':' && text[at + 1] != ':') || IsSlice(ref text, at))
        {
            return false;
        }

        var (offset, groups, longest, hasDigit, isCompressed) = (at, 0, 0, false, false);
        if (text[at] == ':')
        {
            isCompressed = true;
            offset += 2;
        }

        while (groups < Groups)
        {
            var groupStart = offset;
            while (offset - groupStart < 5 && AsciiByte.IsHex(text[offset]))
            {
                hasDigit |= AsciiByte.IsDigit(text[offset++]);
            }

            var size = offset - groupStart;
            if (size == 0)
            {
                break;
            }

            if (text[offset] == '.' && groups <= Groups - 2 && QuadEnd(ref text, groupStart) is > 0 and var quadEnd)
            {
                (end, groups) = (quadEnd, groups + 2);
                break;
            }

            if (size == 5)
            {
                return false;
            }

            groups++;
            longest = Math.Max(longest, size);
            end = offset;
            if (text[offset] != ':')
            {
                break;
            }

            if (text[offset + 1] != ':')
            {
                offset++;
            }
            else if (isCompressed)
            {
                break;
            }
            else
            {
                isCompressed = true;
                offset += 2;
                end = offset;
            }
        }

        // By "::1" every machine means itself, as by 127.0.0.1.
        text.Confidence = end - at == 3 && isCompressed && text[at - 1] is '"' or '\'' or '`' or '[' && text[end] is '"' or '\'' or '`' or ']'
            && text[end - 1] == '1' ? Confidence.Doubtful : Confidence.High;
        return IsComplete(groups, isCompressed) && IsTelling(groups, longest, hasDigit) && IsClosed(ref text, end);
    }

    // "items[1::3]" is every third of a list.
    private static bool IsSlice(ref ScanText text, int at) =>
        text[at - 1] == '[' && (AsciiByte.IsAlphanumeric(text[at - 2]) || text[at - 2] is '_' or ']' or ')');

    // "host:2001:db8::1": a colon behind a word that is no group of an address is none of the address. A second colon is one of "::".
    private static bool EndsName(ref ScanText text, int colon)
    {
        var first = text[colon - 1];
        if (text[colon + 1] == ':' || first == ':' || first < 0)
        {
            return false;
        }

        var start = colon;
        while (colon - start < LongestName && AsciiByte.IsHex(text[start - 1]))
        {
            start--;
        }

        return start == colon || (colon - start < LongestName && AsciiByte.IsAlphanumeric(text[start - 1]));
    }

    private static bool IsColon(int b) => b == ':';

    private static bool IsPart(int b) => AsciiByte.IsHex(b) || b == ':';

    private static bool IsComplete(int groups, bool isCompressed) => isCompressed ? groups is > 0 and < Groups : groups == Groups;

    // "a::b" is more often source code than an address.
    private static bool IsTelling(int groups, int longest, bool hasDigit) => hasDigit || groups > 2 || longest == 4;

    private static bool IsClosed(ref ScanText text, int end) =>
        !AsciiByte.IsAlphanumeric(text[end]) && !(text[end] == ':' && (AsciiByte.IsHex(text[end + 1]) || text[end + 1] == ':'));

    private static int QuadEnd(ref ScanText text, int at)
    {
        var end = at;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && text[end++] != '.')
            {
                return 0;
            }

            var (value, digits) = (0, 0);
            while (digits < 3 && AsciiByte.IsDigit(text[end]))
            {
                value = (value * 10) + text[end++] - '0';
                digits++;
            }

            if (digits == 0 || value > 255)
            {
                return 0;
            }
        }

        return end;
    }
}
