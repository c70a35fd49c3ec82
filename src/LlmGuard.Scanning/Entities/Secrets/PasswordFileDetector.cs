using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>The password of a line of PostgreSQL's password file: <c>host:port:database:user:password</c>.</summary>
internal sealed class PasswordFileDetector : Detector
{
    private const int LongestField = 63;
    private const int LongestPassword = 128;

    // Servers listen to 5432 and poolers to 6432, or to a number nearby, and a star stands for any: few enough for a table of words.
    private static readonly byte[][] Ports = [.. new[] { "543", "643", "654" }.Select(Encoding.ASCII.GetBytes)];

    public override int MaxLength => (3 * LongestField) + LongestPassword + 8;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool IsTrigger(byte value) => value == ':';

    public override IEnumerable<Opening> Openings => Ports
        .Select(static port => Port([.. port.Select(static digit => Opening.Exactly(digit)), AsciiByte.IsDigit, Opening.Exactly(':'), IsField]))
        .Append(Port(Opening.Exactly('*'), Opening.Exactly(':'), IsField));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (0, 0);
        if (!IsHost(ref text, at))
        {
            return false;
        }

        var port = at + 1;
        var database = EndOf(ref text, port) + 1;
        var user = EndOf(ref text, database) + 1;
        start = EndOf(ref text, user) + 1;
        if (!IsPort(ref text, port, database - 1) || text[user - 1] != ':' || text[start - 1] != ':' || !IsName(ref text, database)
            || !IsName(ref text, user))
        {
            return false;
        }

        end = start;
        while (end - start < LongestPassword && text[end] is > ' ' and not ('"' or '\''))
        {
            end += text[end] == '\\' && text[end + 1] > ' ' ? 2 : 1;
        }

        if (end == start || text[end] is not (-1 or '\n' or '\r' or '"' or '\'') || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var password = text.Bytes[start..end];
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(password, ValueShape.Of(password)), Confidence.Medium);
        return true;
    }

    // A name that begins a line, or everything that stands on it.
    private static bool IsHost(ref ScanText text, int at)
    {
        var start = at;
        while (at - start < LongestField && (AsciiByte.IsAlphanumeric(text[start - 1]) || text[start - 1] is '.' or '-' or '_' or '*'))
        {
            start--;
        }

        return start < at && text[start - 1] is -1 or ' ' or '\n' or '"' or '\'' or '`' or '>';
    }

    private static bool IsPort(ref ScanText text, int start, int end)
    {
        if (text[start] == '*')
        {
            return end == start + 1 && text[end] == ':';
        }

        foreach (var port in Ports)
        {
            if (text.Follows(start, port))
            {
                return end == start + 4 && AsciiByte.IsDigit(text[start + 3]) && text[end] == ':';
            }
        }

        return false;
    }

    private static bool IsName(ref ScanText text, int at) => AsciiByte.IsLetter(text[at]) || text[at] is '_' or '*';

    private static int EndOf(ref ScanText text, int at)
    {
        var end = at;
        while (end - at < LongestField && IsField(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsField(int b) => AsciiByte.IsAlphanumeric(b) || b is '_' or '-' or '.' or '*' or '$';

    private static Opening Port(params Func<int, bool>[] places) =>
        new([Opening.Exactly(':'), .. places]) { Before = static b => AsciiByte.IsAlphanumeric(b) || b is '*' };
}
