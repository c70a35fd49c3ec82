using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>The private half of a key file of PuTTY: the lines after <c>Private-Lines: n</c>. The header stays.</summary>
internal sealed class PuttyKeyDetector : Detector
{
    private const int Longest = 8192;
    private const int MinBody = 32;

    public override int MaxLength => Longest + 40;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value is (byte)'P';

    public override IEnumerable<Opening> Openings => [Opening.Word("private-lines"u8)];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at);
        if (!text.Follows(at, "private-lines:"u8))
        {
            return false;
        }

        start += 14;
        while (start - at < 32 && (AsciiByte.IsDigit(text[start]) || AsciiByte.IsWhiteSpace(text[start]) || text[start] is '\\' or 'n'
            && text[start - 1] is '\\' || text[start] == '\\'))
        {
            start++;
        }

        end = start;
        while (end - start < Longest && (AsciiByte.IsAlphanumeric(text[end]) || text[end] is '+' or '/' or '=' or '\r' or '\n' or '\\'))
        {
            // The line after the key is the check value of the file.
            if (text[end] == 'P' && text.Follows(end, "private-mac"u8))
            {
                break;
            }

            end++;
        }

        while (end > start && text[end - 1] is '\r' or '\n')
        {
            end--;
        }

        return end - start >= MinBody;
    }
}
