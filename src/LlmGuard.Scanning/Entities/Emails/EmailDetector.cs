namespace LlmGuard.Scanning.Entities;

/// <summary>E-mail addresses. Letters outside ASCII count as part of a local part, so that they cannot hide an address.</summary>
internal sealed class EmailDetector : Detector
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 255;
    private const int MaxTopLevel = 24;

    public override int MaxLength => MaxLocal + 1 + MaxDomain + MaxTopLevel + 4;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool IsTrigger(byte value) => value == '@';

    public override IEnumerable<Opening> Openings =>
        [new(Opening.Exactly('@'), static b => LabelWidth(b) > 0, IsInDomain, IsInDomain, IsInDomain) { Before = static b => IsLocal(b)
        || b >= 0x80 }];

    public override bool StartsAtTrigger => false;

    public override int EarliestStart(ref ScanText text, int at, int from)
    {
        var least = Math.Max(from, at - MaxLocal);
        var start = at;
        while (WidthBefore(ref text, start, least) is > 0 and <= 2 and var width && (width == 2 || IsLocal(text[start - 1])))
        {
            start -= width;
        }

        // Scripts without spaces would join the sentence before the address to it, so their characters count only where nothing else stands.
        if (start == at)
        {
            while (WidthBefore(ref text, start, least) is > 2 and var width)
            {
                start -= width;
            }
        }

        return start;
    }

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = EarliestStart(ref text, at, from);
        while (start < at && (text[start] is '.' or '-' or '\'' || (text[start] is 'n' or 'r' or 't' && text[start - 1] == '\\')))
        {
            start++;
        }

        end = start < at ? DomainEnd(ref text, at + 1) : 0;
        return end > 0 && !IsAccountOfUrl(ref text, start, at, end);
    }

    // "https://user:password@host" and "git@host:path" are addresses of machines, "https://host/user@example.com" names a person; percent signs
    // in a row are an encoded script.
    private static bool IsAccountOfUrl(ref ScanText text, int start, int at, int end)
    {
        if ((at - start == 3 && text.Follows(start, "git"u8) && text[end] is ':' or '/') || (text[start] == '%' && text[start + 3] == '%'))
        {
            return true;
        }

        if (text[start - 1] is not (':' or '/'))
        {
            return false;
        }

        for (var offset = start - 1; offset > start - Left && text[offset] > ' '; offset--)
        {
            if (text[offset] is '/' or '?' or '#')
            {
                return text[offset] == '/' && text[offset - 1] == '/' && text[offset - 2] == ':';
            }
        }

        return false;
    }

    private static int DomainEnd(ref ScanText text, int start)
    {
        var end = 0;
        var label = start;
        while (label - start < MaxDomain)
        {
            var letters = 0;
            while (letters <= MaxTopLevel && AsciiByte.IsLetter(text[label + letters]))
            {
                letters++;
            }

            if (label > start && letters is >= 2 and <= MaxTopLevel)
            {
                end = label + letters;
            }

            var next = label + letters;
            while (next - start <= MaxDomain && LabelWidth(text[next]) is > 0 and var width)
            {
                next += width;
            }

            if (next == label || text[next] != '.')
            {
                break;
            }

            label = next + 1;
        }

        return end;
    }

    // The shortest has a character, a point and two letters.
    private static bool IsInDomain(int b) => LabelWidth(b) > 0 || b == '.' || AsciiByte.IsContinuation(b);

    private static int LabelWidth(int b) => AsciiByte.IsAlphanumeric(b) || b is '-' or '_' ? 1 : b is >= 0xC3 and <= 0xDF ? 2 : 0;

    private static bool IsLocal(int b) => AsciiByte.IsAlphanumeric(b) || b is '.' or '_' or '%' or '+' or '-' or '\'' or '&' or '~';

    // Bytes of the character that ends before an offset; 0 when it starts before the least offset.
    private static int WidthBefore(ref ScanText text, int offset, int least)
    {
        var start = offset - 1;
        while (start > least && AsciiByte.IsContinuation(text[start]))
        {
            start--;
        }

        return start < least || AsciiByte.IsContinuation(text[start]) ? 0 : offset - start;
    }
}
