using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// The password behind a user and a slash where Oracle's drivers and commands take it: <c>jdbc:oracle:thin:ann/...@host</c>,
/// <c>sqlplus ann/...@db</c>.
/// </summary>
internal sealed class OracleLoginDetector : Detector
{
    private const int LongestUser = 64;
    private const int LongestPassword = 128;
    private const int Least = 3;
    private const int MostOptions = 3;

    private static readonly byte[][] Places =
        [.. new[] { ":thin:", ":oci:", "sqlplus ", "sqlldr ", "expdp ", "impdp ", "rman target " }.Select(Encoding.ASCII.GetBytes)];

    public override int MaxLength => (2 * LongestUser) + LongestPassword + 24;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => Array.Exists(Places, place => place[0] == value);

    // Commands are words of their own.
    public override bool IsTriggerAfter(Neighbours before, byte value) => IsTrigger(value) && (value == ':' || before == Neighbours.Other);

    public override IEnumerable<Opening> Openings => Places.Select(static place => Opening.Word(place));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var place in Places)
        {
            if (text.Follows(at, place))
            {
                return IsLogin(ref text, AfterOptions(ref text, at + place.Length), out start, out end);
            }
        }

        return None(out start, out end);
    }

    // "-S", "-L", "userid=": what may stand before the user.
    private static int AfterOptions(ref ScanText text, int at)
    {
        var offset = at;
        for (var count = 0; count < MostOptions && text[offset] == '-' && text[offset + 2] == ' '; count++)
        {
            offset += 3;
        }

        offset += text.Follows(offset, "userid="u8) ? 7 : 0;
        return text[offset] is '"' or '\'' ? offset + 1 : offset;
    }

    private static bool IsLogin(ref ScanText text, int at, out int start, out int end)
    {
        start = at;
        while (start - at < LongestUser && (AsciiByte.IsAlphanumeric(text[start]) || text[start] is '_' or '$' or '#' or '.'))
        {
            start++;
        }

        end = start;
        if (start == at || text[start] != '/')
        {
            return false;
        }

        end = ++start;
        while (end - start < LongestPassword && text[end] is > ' ' and < 0x7F && text[end] is not ('@' or '/' or '"' or '\'' or '<' or '>'))
        {
            end++;
        }

        if (end - start < Least || text[end] != '@' || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var password = text.Bytes[start..end];
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(password, ValueShape.Of(password)), Confidence.Medium);
        return true;
    }
}
