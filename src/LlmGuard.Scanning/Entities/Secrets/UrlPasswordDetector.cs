using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>The password in a URL or connection string: <c>scheme://user:password@host</c>.</summary>
internal sealed class UrlPasswordDetector : Detector
{
    private const int LongestUser = 128;
    private const int LongestPassword = 256;

    public override int MaxLength => LongestUser + LongestPassword + 16;

    public override Neighbours Before => Neighbours.Letter | Neighbours.Digit | Neighbours.Other;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value == ':';

    public override IEnumerable<Opening> Openings =>
        [new(Opening.Exactly(':'), Opening.Exactly('/'), Opening.Exactly('/')) { Before = AsciiByte.IsAlphanumeric }];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at);
        if (!AsciiByte.IsAlphanumeric(text[at - 1]) || text[at + 1] != '/' || text[at + 2] != '/')
        {
            return false;
        }

        var offset = at + 3;
        while (offset - at < LongestUser && IsUser(text[offset]))
        {
            offset++;
        }

        if (text[offset] != ':')
        {
            return false;
        }

        var user = (Start: at + 3, End: offset);
        start = ++offset;
        while (offset - start < LongestPassword && IsPassword(text[offset]))
        {
            offset++;
        }

        end = offset;
        if (end - start < 3 || text[end] != '@' || !IsHost(text[end + 1])
            || SecretValues.IsPlaceholder(ref text, start, end) || IsWordFor(ref text, start, end))
        {
            return false;
        }

        var password = text.Bytes[start..end];
        text.Confidence =
            SecretDoubts.ToConfidence(SecretDoubts.OfUrl(text.Bytes[user.Start..user.End], password, ValueShape.Of(password)), Confidence.Medium);
        return true;
    }

    private static bool IsUser(int b) => AsciiByte.IsAlphanumeric(b) || b is '.' or '_' or '%' or '+' or '-' or '!' or '~' or '$' or '*' or ';';

    private static bool IsPassword(int b) => b is > ' ' and < 0x7F && b is not ('@' or '/' or '"' or '\'' or '`' or '<' or '>' or '\\' or ',' or ' ');

    private static bool IsHost(int b) => AsciiByte.IsAlphanumeric(b) || b is '[' or '$' or '{' or '-' or '(';

    // Documentation writes user:password@host, and what is to be replaced.
    private static bool IsWordFor(ref ScanText text, int start, int end)
    {
        var value = text.Bytes[start..end];
        var shape = ValueShape.Of(value);
        return (end - start) switch
        {
            < 4 => true,
            4 when text.Follows(start, "pass"u8) => true,
            13 when text.Follows(start, "x-oauth-basic"u8) => true,
            _ => shape.LongestRun * 2 > shape.Length || value.Count((byte)'%') > 4 || SecretValues.IsSample(value)
                || (shape.Length <= 12 && shape.Digits == 0 && text.Follows(end - 8, "password"u8)),
        };
    }
}
