using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>International bank account numbers: registered country, its length, mod 97. Groups may be set apart.</summary>
/// <param name="country">The only country to find, as two upper-case letters, or null for all.</param>
internal sealed class IbanDetector(string? country = null) : Detector
{
    private const int Longest = 34;

    public override int MaxLength => (Longest * 4) + 2;

    public override bool IsTrigger(byte value) => AsciiByte.IsLetter(value) && (country is null || (value & 0xDF) == country[0]);

    public override IEnumerable<Opening> Openings =>
    [
        new(
            b => IsTrigger((byte)b),
            b => AsciiByte.IsLetter(b) && (country is null || (b & 0xDF) == country[1]),
            AsciiByte.IsDigit,
            AsciiByte.IsDigit,
            static b => AsciiByte.IsAlphanumeric(b) || Separators.IsPart(b, "."u8)),
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = 0;
        if (!AsciiByte.IsLetter(text[at + 1]) || !AsciiByte.IsDigit(text[at + 2]) || !AsciiByte.IsDigit(text[at + 3])
            || (country is not null && (text[at + 1] & 0xDF) != country[1]))
        {
            return false;
        }

        var length = IbanLengths.Of((char)(text[at] & 0xDF), (char)(text[at + 1] & 0xDF));
        if (length == 0)
        {
            return false;
        }

        Span<byte> characters = stackalloc byte[Longest];
        var offset = at;
        for (var i = 0; i < length; i++)
        {
            if (i > 0)
            {
                offset += Separators.LengthAt(ref text, offset, "."u8);
            }

            if (!AsciiByte.IsAlphanumeric(text[offset]))
            {
                return false;
            }

            characters[i] = (byte)text[offset++];
        }

        end = offset;
        return !AsciiByte.IsAlphanumeric(text[end]) && Remainder(characters[..length]) == 1;
    }

    // ISO 7064 MOD 97-10 over the number that starts with the account and ends with the country and the check digits.
    private static int Remainder(ReadOnlySpan<byte> characters)
    {
        var remainder = 0;
        for (var i = 0; i < characters.Length; i++)
        {
            var b = characters[(i + 4) % characters.Length];
            remainder = AsciiByte.IsDigit(b) ? ((remainder * 10) + b - '0') % 97 : ((remainder * 100) + (b & 0xDF) - 'A' + 10) % 97;
        }

        return remainder;
    }
}
