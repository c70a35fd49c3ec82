namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>The checks of the numbers that are entities of their own.</summary>
internal static class OwnChecks
{
    private static ReadOnlySpan<byte> DniLetters => "TRWAGMYFPDXBNJZSQVHLCKE"u8;

    public static bool ItalianCf(ReadOnlySpan<byte> c)
    {
        ReadOnlySpan<byte> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        if (!IsItalianShape(c) || "ABCDEHLMPRST"u8.IndexOf(c[8]) < 0)
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = AsciiByte.IsDigit(c[i]) ? c[i] - '0' : c[i] - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }

        return c[15] == 'A' + (sum % 26);
    }

    public static bool MexicanCurp(ReadOnlySpan<byte> c)
    {
        if (!Checksums.IsDay(c[6..], c[8..]) || c[10] is not ((byte)'H' or (byte)'M' or (byte)'X'))
        {
            return false;
        }

        ReadOnlySpan<byte> alphabet = "0123456789ABCDEFGHIJKLMN*OPQRSTUVWXYZ"u8;
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += alphabet.IndexOf(c[i]) * (18 - i);
        }

        return (10 - (sum % 10)) % 10 == c[17] - '0';
    }

    // Corsica's departments are written 2A and 2B and count as 19 and 18.
    public static bool FrenchNir(ReadOnlySpan<byte> c)
    {
        Span<byte> digits = stackalloc byte[15];
        c.CopyTo(digits);
        if (c[0] is not ((byte)'1' or (byte)'2' or (byte)'3' or (byte)'4' or (byte)'7' or (byte)'8') || Checksums.Two(c[3..]) is 0
            or (> 12 and < 20) or (> 42 and < 50))
        {
            return false;
        }

        if (c[6] is (byte)'A' or (byte)'B')
        {
            (digits[5], digits[6]) = ((byte)'1', c[6] == 'A' ? (byte)'9' : (byte)'8');
        }

        return !digits.ContainsAnyInRange((byte)'A', (byte)'Z') && Checksums.Two(digits[13..]) == 97 - Checksums.Remainder(digits[..13], 97);
    }

    public static bool MedicareBeneficiary(ReadOnlySpan<byte> c) =>
        IsMbiLetter(c[1]) && (IsMbiLetter(c[2]) || AsciiByte.IsDigit(c[2])) && IsMbiLetter(c[4]) && (IsMbiLetter(c[5]) || AsciiByte.IsDigit(c[5]))
            && IsMbiLetter(c[7]) && IsMbiLetter(c[8]) && c[0] != '0';

    public static bool SocialSecurityClaim(ReadOnlySpan<byte> c) => !c.StartsWith("000"u8) && !c.StartsWith("666"u8) && c[0] != '9'
        && c[9] is (byte)'A' or (byte)'B' or (byte)'C' or (byte)'D' or (byte)'E' or (byte)'M' or (byte)'T' or (byte)'W';

    public static bool BrazilianCpf(ReadOnlySpan<byte> d) =>
        !Checksums.IsUniform(d) && ModEleven(Checksums.Sum(d, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == d[9] - '0'
            && ModEleven(Checksums.Sum(d, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == d[10] - '0';

    public static bool BrazilianCnpj(ReadOnlySpan<byte> d) =>
        !Checksums.IsUniform(d) && ModEleven(Checksums.Sum(d, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == d[12] - '0'
            && ModEleven(Checksums.Sum(d, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == d[13] - '0';

    public static bool SpanishDni(ReadOnlySpan<byte> c) => DniLetters[Checksums.Remainder(c[..8], 23)] == c[8];

    public static bool SpanishNie(ReadOnlySpan<byte> c)
    {
        Span<byte> digits = stackalloc byte[8];
        c[..8].CopyTo(digits);
        digits[0] = (byte)(c[0] - 'X' + '0');
        return c[0] is >= (byte)'X' and <= (byte)'Z' && DniLetters[Checksums.Remainder(digits, 23)] == c[8];
    }

    public static bool SpanishCif(ReadOnlySpan<byte> c)
    {
        if (!"ABCDEFGHJNPQRSUVW"u8.Contains(c[0]))
        {
            return false;
        }

        var sum = 0;
        for (var i = 1; i < 8; i++)
        {
            var digit = c[i] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        var check = (10 - (sum % 10)) % 10;
        return AsciiByte.IsDigit(c[8]) ? !"PQRSNW"u8.Contains(c[0]) && check == c[8] - '0' : "JABCDEFGHI"u8[check] == c[8];
    }

    public static bool SpanishNss(ReadOnlySpan<byte> d)
    {
        var number = d[2] == '0' ? Checksums.Remainder(d[3..10], int.MaxValue) : Checksums.Remainder(d[2..10], int.MaxValue);
        var province = Checksums.Two(d);
        return province is >= 1 and <= 66 && (long)((d[2] == '0' ? 10_000_000L : 100_000_000L) * province + number) % 97 == Checksums.Two(d[10..]);
    }

    // The number on the card since 2010: letters that cannot be misread, and a check digit.
    public static bool GermanCard(ReadOnlySpan<byte> c)
    {
        foreach (var b in c)
        {
            if (!AsciiByte.IsDigit(b) && !"CFGHJKLMNPRTVWXYZ"u8.Contains(b))
            {
                return false;
            }
        }

        return c.ContainsAnyInRange((byte)'0', (byte)'9') && NationalIds.NationalChecks.TravelDocument(c);
    }

    public static bool MexicanRfc(ReadOnlySpan<byte> c)
    {
        var letters = c.Length - 9;
        return Checksums.IsDay(c[(letters + 2)..], c[(letters + 4)..]) && (AsciiByte.IsDigit(c[^1]) || c[^1] == 'A');
    }

    public static bool ChileanRut(ReadOnlySpan<byte> c)
    {
        var (sum, weight) = (0, 2);
        for (var i = c.Length - 2; i >= 0; i--)
        {
            sum += (c[i] - '0') * weight;
            weight = weight == 7 ? 2 : weight + 1;
        }

        var check = 11 - (sum % 11);
        return c[^1] == (check == 11 ? '0' : check == 10 ? 'K' : '0' + check);
    }

    public static bool Imei(ReadOnlySpan<byte> d) =>
        Checksums.Luhn(d[..15]) && !Checksums.IsUniform(d) && Checksums.Two(d) is 1 or 10
            or 30 or 33 or 35 or 44 or 45 or 49 or (>= 50 and <= 54) or 86 or 91 or 98 or 99;

    public static bool Routing(ReadOnlySpan<byte> d) =>
        Checksums.Two(d) is (>= 1 and <= 12) or (>= 21 and <= 32) or (>= 61 and <= 72) or 80
            && Checksums.Sum(d, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0;

    public static bool EmployerId(ReadOnlySpan<byte> d) =>
        Checksums.Two(d) is not (0 or 7 or 8 or 9 or 17 or 18 or 19 or 28 or 29 or 49 or 69 or 70 or 78 or 79 or 89 or 96 or 97);

    public static bool Vin(ReadOnlySpan<byte> c)
    {
        if (!IsVinShape(c))
        {
            return false;
        }

        ReadOnlySpan<byte> values = [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9];
        ReadOnlySpan<byte> weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += (AsciiByte.IsDigit(c[i]) ? c[i] - '0' : values[c[i] - 'A']) * weights[i];
        }

        return (sum % 11 == 10 ? 'X' : '0' + (sum % 11)) == c[8];
    }

    // Makers outside North America leave the check digit out.
    public static bool IsVinShape(ReadOnlySpan<byte> c) =>
        !c.ContainsAny((byte)'I', (byte)'O', (byte)'Q') && c.ContainsAnyInRange((byte)'0', (byte)'9') && c.ContainsAnyInRange((byte)'A', (byte)'Z');

    public static bool Isin(ReadOnlySpan<byte> c)
    {
        Span<byte> digits = stackalloc byte[24];
        var count = 0;
        foreach (var b in c)
        {
            var value = Checksums.Value(b);
            if (value > 9)
            {
                digits[count++] = (byte)('0' + (value / 10));
            }

            digits[count++] = (byte)('0' + (value % 10));
        }

        return Countries.Contains(c[0], c[1]) && Checksums.Luhn(digits[..count]);
    }

    public static bool Bic(ReadOnlySpan<byte> c) => Countries.Contains(c[4], c[5]) && c[7] != 'O';

    public static bool HasDigit(ReadOnlySpan<byte> c) => c.ContainsAnyInRange((byte)'0', (byte)'9');

    public static bool IsPlate(ReadOnlySpan<byte> c) => HasDigit(c) && c.ContainsAnyInRange((byte)'A', (byte)'Z');

    private static int ModEleven(int sum) => sum % 11 < 2 ? 0 : 11 - (sum % 11);

    private static bool IsMbiLetter(byte b) =>
        AsciiByte.IsUpper(b) && b is not ((byte)'S' or (byte)'L' or (byte)'O' or (byte)'I' or (byte)'B' or (byte)'Z');

    // Digits of namesakes are replaced by letters.
    private static bool IsItalianShape(ReadOnlySpan<byte> c)
    {
        for (var i = 0; i < 16; i++)
        {
            var isDigitPlace = i is 6 or 7 or 9 or 10 or 12 or 13 or 14;
            if (isDigitPlace ? !AsciiByte.IsDigit(c[i]) && !"LMNPQRSTUV"u8.Contains(c[i]) : !AsciiByte.IsUpper(c[i]))
            {
                return false;
            }
        }

        return true;
    }
}
