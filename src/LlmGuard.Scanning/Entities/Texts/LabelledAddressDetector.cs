using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Texts;

/// <summary>Postal addresses in any language after a word that says so and a colon, to the end of the line or the quote.</summary>
internal sealed class LabelledAddressDetector : Detector
{
    private const int Longest = 160;

    private static readonly byte[][] Words =
    [
        .. ("home address|billing address|shipping address|mailing address|street address|postal address|delivery address|residential address|"
            + "address|anschrift|adresse|direccion|domicilio|indirizzo|endereco|adres").Split('|').Select(Encoding.ASCII.GetBytes),
    ];

    public override int MaxLength => 48 + Longest;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => (value | 0x20) is 'h' or 'b' or 's' or 'm' or 'p' or 'd' or 'r' or 'a' or 'i' or 'e';

    // Of long words more follows than an opening looks at: "delivery" alone is none.
    public override IEnumerable<Opening> Openings =>
        Words.Select(static word => Opening.Word(word, IsJoint).If(word.Length > Opening.Length ? (text, at) => MayGoOn(text[at..], word) : null));

    private static bool MayGoOn(ReadOnlySpan<byte> text, byte[] word)
    {
        var known = Math.Min(text.Length, word.Length);
        return Ascii.EqualsIgnoreCase(text[..known], word.AsSpan(0, known));
    }

    private static bool IsJoint(int b) => b is ' ' or ':' or '"' or '\'' or '=';

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var word in Words)
        {
            if (text.Follows(at, word) && !AsciiByte.IsAlphanumeric(text[at + word.Length]))
            {
                return TryValue(ref text, at + word.Length, out start, out end);
            }
        }

        return None(out start, out end);
    }

    private static bool TryValue(ref ScanText text, int at, out int start, out int end)
    {
        start = at;
        while (start - at < 8 && IsJoint(text[start]))
        {
            start++;
        }

        start += text.Follows(start, "is "u8) ? 3 : 0;
        if (start - at < 2)
        {
            return None(out start, out end);
        }

        end = start;
        var (digits, letters, parts) = (0, 0, 0);
        while (end - start < Longest && text[end] is > 0x1F and not ('"' or ';' or '<' or '{' or '(' or '=' or '@' or '\\' or '|'))
        {
            // A sentence ends the address, the point after "St" does not.
            if (text[end] == '.' && text[end + 1] == ' ' && AsciiByte.IsUpper(text[end + 2]) && AsciiByte.IsLower(text[end - 1])
                && AsciiByte.IsLower(text[end - 2]) && AsciiByte.IsLower(text[end - 3]))
            {
                break;
            }

            digits += AsciiByte.IsDigit(text[end]) ? 1 : 0;
            letters += AsciiByte.IsLetter(text[end]) ? 1 : 0;
            parts += text[end] is ' ' or ',' ? 1 : 0;
            end++;
        }

        while (AsciiByte.IsContinuation(text[end]))
        {
            end--;
        }

        while (end > start && text[end - 1] is ' ' or ',' or '.')
        {
            end--;
        }

        text.Confidence = Confidence.Medium;
        return digits is >= 1 and <= 20 && letters >= 4 && parts >= 2 && digits < letters && text[end] is not ('@' or '=' or '(' or '{');
    }
}
