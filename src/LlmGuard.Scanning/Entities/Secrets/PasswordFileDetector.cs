namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>The password of a line of PostgreSQL's password file: <c>host:port:database:user:password</c>.</summary>
internal sealed class PasswordFileDetector : Detector
{
    private const int LongestField = 63;
    private const int LongestPassword = 128;

    public override int MaxLength => (3 * LongestField) + LongestPassword + 8;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool IsTrigger(byte value) => value == ':';

    // Ports of servers have four or five digits.
    public override IEnumerable<Opening> Openings =>
    [
        Port(AsciiByte.IsDigit, AsciiByte.IsDigit, AsciiByte.IsDigit, AsciiByte.IsDigit, Opening.Exactly(':'), IsField),
        Port(AsciiByte.IsDigit, AsciiByte.IsDigit, AsciiByte.IsDigit, AsciiByte.IsDigit, AsciiByte.IsDigit, Opening.Exactly(':'), IsField),
        Port(Opening.Exactly('*'), Opening.Exactly(':'), IsField),
    ];

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

        // Servers listen to 5432 and poolers to 6432, and what listens beside them to numbers with these in them; others write no star for a port.
        var isUsual = text[port] == '*' || text.Bytes[port..(database - 1)].IndexOf("432"u8) >= 0;
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(password, ValueShape.Of(password)), Confidence.Medium);
        return isUsual || ChosenPassword.Is(password, isExpected: true);
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

    private static bool IsPort(ref ScanText text, int start, int end) =>
        text[end] == ':' && end > start && (text[start] == '*' ? end == start + 1 : AsciiByte.IsDigit(text[end - 1]) && end - start is 4 or 5);

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
