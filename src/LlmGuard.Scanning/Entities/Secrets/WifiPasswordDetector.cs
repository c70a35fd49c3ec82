using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>The password in the text of a code that lets a telephone into a network: <c>WIFI:T:WPA;S:...;P:...;;</c>.</summary>
internal sealed class WifiPasswordDetector : Detector
{
    private const int LongestField = 128;
    private const int MostFields = 8;

    public override int MaxLength => 8 + (MostFields * (LongestField + 4));

    public override bool IsTrigger(byte value) => (value | 0x20) == 'w';

    public override IEnumerable<Opening> Openings => [Opening.Word("wifi:"u8, AsciiByte.IsLetter, Opening.Exactly(':'))];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at + 5, 0);
        text.Confidence = Confidence.High;
        for (var count = 0; count < MostFields && AsciiByte.IsLetter(text[start]) && text[start + 1] == ':'; count++)
        {
            var isPassword = (text[start] | 0x20) == 'p';
            start += 2;
            end = EndOfField(ref text, start);
            if (isPassword || text[end] != ';')
            {
                return isPassword && end > start && text[end] == ';' && !SecretValues.IsPlaceholder(ref text, start, end);
            }

            start = end + 1;
        }

        return false;
    }

    // A backslash stands before what would end a field.
    private static int EndOfField(ref ScanText text, int at)
    {
        var end = at;
        while (end - at < LongestField && text[end] is not (-1 or ';' or '\n' or '\r'))
        {
            end += text[end] == '\\' && text[end + 1] is not (-1 or '\n' or '\r') ? 2 : 1;
        }

        return end;
    }
}
