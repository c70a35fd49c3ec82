using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>Private keys in PEM or PGP armour, from the first hyphen to the last. A key whose end is missing is found as far as it goes.</summary>
internal sealed class PrivateKeyDetector : Detector
{
    private const int Longest = 8192;
    private const int MinBody = 32;
    private const int MinShownBody = 16;

    // The shortest there is, of an elliptic curve, is 48 bytes. Less is an example, or a part that begins as keys do.
    private const int ShortestKey = 60;

    public override int MaxLength => Longest + 8;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value == '-';

    public override IEnumerable<Opening> Openings => [Opening.Word("-----begin"u8)];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = at;
        if (text[at - 1] == '-' || !text.Follows(at, "-----begin "u8))
        {
            return false;
        }

        end = at + 11;
        var isPrivate = false;
        while (end - at < 64 && (AsciiByte.IsAlphanumeric(text[end]) || text[end] == ' '))
        {
            isPrivate |= text.Follows(end, "private key"u8);
            end++;
        }

        if (!isPrivate || !text.Follows(end, "-----"u8))
        {
            return false;
        }

        end += 5;
        var body = end;
        while (end - at < Longest && IsBody(text[end]))
        {
            end++;
        }

        if (end - at < Longest && text.Follows(end, "-----end"u8))
        {
            if (end - body < MinShownBody)
            {
                return false;
            }

            text.Confidence = end - body >= ShortestKey || BeginsAsKey(ref text, body) ? Confidence.High : Confidence.Low;
            return TryFindLastHyphen(ref text, at, ref end);
        }

        return end - body >= MinBody;
    }

    // An ASN.1 sequence or OpenSSH's name of its format, in base64.
    private static bool BeginsAsKey(ref ScanText text, int at)
    {
        while (AsciiByte.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return text[at] == 'M' || text.Follows(at, "b3blbnnza"u8);
    }

    private static bool TryFindLastHyphen(ref ScanText text, int at, ref int end)
    {
        end += 8;
        while (end - at < Longest && (AsciiByte.IsAlphanumeric(text[end]) || text[end] == ' '))
        {
            end++;
        }

        for (var i = 0; i < 5 && text[end] == '-'; i++)
        {
            end++;
        }

        return true;
    }

    // Base64, line ends (also written as \n), and the header lines of older encryption.
    private static bool IsBody(int b) =>
        AsciiByte.IsAlphanumeric(b) || AsciiByte.IsWhiteSpace(b) || b is '+' or '/' or '=' or '\\' or ':' or ',' or '"' or '\'';
}
