using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Entities.NationalIds;

/// <summary>The check digits of national numbers outside Europe.</summary>
internal static class WorldChecks
{
    public static bool Israeli(ReadOnlySpan<byte> d) => !Checksums.IsUniform(d) && Checksums.Luhn(d);

    public static bool SouthAfrican(ReadOnlySpan<byte> d) =>
        Checksums.IsDay(d[2..], d[4..]) && d[10] is (byte)'0' or (byte)'1' or (byte)'2' && Checksums.Luhn(d);

    public static bool IndianAadhaar(ReadOnlySpan<byte> d) => d[0] >= '2' && !Checksums.IsUniform(d) && Checksums.Verhoeff(d);

    public static bool IndianPan(ReadOnlySpan<byte> c) => "ABCFGHJLPT"u8.Contains(c[3]) && c[5..9].ContainsAnyExcept((byte)'0');

    public static bool IndianGst(ReadOnlySpan<byte> c)
    {
        var sum = 0;
        for (var i = 0; i < 14; i++)
        {
            var product = Checksums.Value(c[i]) * (i % 2 == 0 ? 1 : 2);
            sum += (product / 36) + (product % 36);
        }

        return Checksums.Two(c) is >= 1 and <= 38 && (36 - (sum % 36)) % 36 == Checksums.Value(c[14]);
    }

    public static bool Chinese(ReadOnlySpan<byte> c)
    {
        foreach (var b in c[..17])
        {
            if (!AsciiByte.IsDigit(b))
            {
                return false;
            }
        }

        return Checksums.IsDay(c[10..], c[12..]) && c[6] is (byte)'1' or (byte)'2'
            && "10X98765432"u8[Checksums.Sum(c, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] == c[17];
    }

    public static bool HongKong(ReadOnlySpan<byte> c)
    {
        var sum = c.Length == 8 ? 36 * 9 : Checksums.Value(c[0]) * 9;
        for (var i = 0; i < 8; i++)
        {
            var b = c[c.Length - 8 + i];
            sum += (b == 'A' && i == 7 ? 10 : Checksums.Value(b)) * (8 - i);
        }

        return sum % 11 == 0;
    }

    public static bool Taiwanese(ReadOnlySpan<byte> c)
    {
        ReadOnlySpan<byte> letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"u8;
        var code = letters.IndexOf(c[0]) + 10;
        return c[1] is (byte)'1' or (byte)'2' or (byte)'8' or (byte)'9'
            && ((code / 10) + (code % 10 * 9) + Checksums.Sum(c[1..], [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 == 0;
    }

    // Numbers given from October 2020 on have no check digit; they need a word before them.
    public static bool KoreanDate(ReadOnlySpan<byte> d) => Checksums.IsDay(d[2..], d[4..]) && d[6] is >= (byte)'1' and <= (byte)'8';

    public static bool Korean(ReadOnlySpan<byte> d) =>
        Checksums.IsDay(d[2..], d[4..]) && d[6] is >= (byte)'1' and <= (byte)'8'
            && (11 - (Checksums.Sum(d, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 is var check
        && (check == d[12] - '0' || (d[6] >= '5' && (check + 2) % 10 == d[12] - '0'));

    public static bool KoreanBusiness(ReadOnlySpan<byte> d) =>
        (Checksums.Sum(d, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + ((d[8] - '0') * 5 / 10) + d[9] - '0') % 10 == 0;

    public static bool Japanese(ReadOnlySpan<byte> d)
    {
        var remainder = Checksums.Sum(d, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        return !Checksums.IsUniform(d) && (remainder <= 1 ? 0 : 11 - remainder) == d[11] - '0';
    }

    public static bool Singaporean(ReadOnlySpan<byte> c)
    {
        var sum = Checksums.Sum(c[1..], [2, 7, 6, 5, 4, 3, 2]);
        return c[0] switch
        {
            (byte)'S' => "JZIHGFEDCBA"u8[sum % 11] == c[8],
            (byte)'T' => "JZIHGFEDCBA"u8[(sum + 4) % 11] == c[8],
            (byte)'F' => "XWUTRQPNMLK"u8[sum % 11] == c[8],
            (byte)'G' => "XWUTRQPNMLK"u8[(sum + 4) % 11] == c[8],
            (byte)'M' => "KLJNPQRTUWX"u8[10 - ((sum + 3) % 11)] == c[8],
            _ => false,
        };
    }

    public static bool Malaysian(ReadOnlySpan<byte> d) => Checksums.IsDay(d[2..], d[4..]) && Checksums.Two(d[6..]) is >= 1 and <= 99;

    public static bool Thai(ReadOnlySpan<byte> d) =>
        d[0] is not ((byte)'0' or (byte)'9') && (11 - (Checksums.Sum(d, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 == d[12] - '0';

    public static bool Indonesian(ReadOnlySpan<byte> d) =>
        d[0] != '0' && Checksums.Two(d[6..]) % 40 is >= 1 and <= 31 && Checksums.Two(d[8..]) is >= 1 and <= 12;

    public static bool AustralianTax(ReadOnlySpan<byte> d) => !Checksums.IsUniform(d) && Checksums.Sum(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0;

    public static bool AustralianBusiness(ReadOnlySpan<byte> d) => (Checksums.Sum(d, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 == 0;

    public static bool AustralianCompany(ReadOnlySpan<byte> d) =>
        !Checksums.IsUniform(d) && (10 - (Checksums.Sum(d, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 == d[8] - '0';

    public static bool AustralianMedicare(ReadOnlySpan<byte> d) =>
        d[0] is >= (byte)'2' and <= (byte)'6' && Checksums.Sum(d, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == d[8] - '0';

    public static bool NewZealand(ReadOnlySpan<byte> d)
    {
        Span<byte> nine = stackalloc byte[9];
        nine.Fill((byte)'0');
        d.CopyTo(nine[(9 - d.Length)..]);
        var check = (11 - (Checksums.Sum(nine, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
        check = check == 10 ? (11 - (Checksums.Sum(nine, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11 : check;
        return nine[1] != '0' && check == nine[8] - '0';
    }

    public static bool Canadian(ReadOnlySpan<byte> d) => d[0] is not ((byte)'0' or (byte)'8') && Checksums.Luhn(d);

    public static bool AmericanTaxpayer(ReadOnlySpan<byte> d) =>
        d[0] == '9' && Checksums.Two(d[3..]) is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or (>= 94 and <= 99);

    public static bool AmericanProvider(ReadOnlySpan<byte> d)
    {
        Span<byte> card = stackalloc byte[15];
        "80840"u8.CopyTo(card);
        d.CopyTo(card[5..]);
        return d[0] is (byte)'1' or (byte)'2' && Checksums.Luhn(card);
    }

    public static bool ArgentineCuit(ReadOnlySpan<byte> d) =>
        Checksums.Two(d) is 20 or 23 or 24 or 25 or 26 or 27 or 30 or 33 or 34
            && (11 - (Checksums.Sum(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 is var check && (check == 10 ? 9 : check) == d[10] - '0';

    public static bool PeruvianRuc(ReadOnlySpan<byte> d) =>
        Checksums.Two(d) is 10 or 15 or 16 or 17 or 20 && (11 - (Checksums.Sum(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 == d[10] - '0';

    public static bool Ecuadorian(ReadOnlySpan<byte> d) => Checksums.Two(d) is (>= 1 and <= 24) or 30 && d[2] < '6' && Checksums.Luhn(d);

    public static bool Uruguayan(ReadOnlySpan<byte> d) => (10 - (Checksums.Sum(d, [2, 9, 8, 7, 6, 3, 4]) % 10)) % 10 == d[7] - '0';

    public static bool Dominican(ReadOnlySpan<byte> d) => !Checksums.IsUniform(d) && Checksums.Luhn(d);

    public static bool Venezuelan(ReadOnlySpan<byte> c)
    {
        var kind = c[0] switch { (byte)'V' => 4, (byte)'E' => 8, (byte)'J' => 12, (byte)'P' => 16, (byte)'G' => 20, _ => -1 };
        var check = (11 - ((kind + Checksums.Sum(c[1..], [3, 2, 7, 6, 5, 4, 3, 2])) % 11)) % 11;
        return kind > 0 && (check == 10 ? 0 : check) == c[9] - '0';
    }

    public static bool ColombianNit(ReadOnlySpan<byte> d)
    {
        var remainder = Checksums.Sum(d, [41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
        return (remainder > 1 ? 11 - remainder : remainder) == d[9] - '0';
    }

    public static bool Kazakh(ReadOnlySpan<byte> d)
    {
        var check = Checksums.Sum(d, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
        check = check == 10 ? Checksums.Sum(d, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 : check;
        return Checksums.IsDay(d[2..], d[4..]) && check == d[11] - '0';
    }

    public static bool Egyptian(ReadOnlySpan<byte> d) =>
        d[0] is (byte)'2' or (byte)'3' && Checksums.IsDay(d[3..], d[5..]) && Checksums.Two(d[7..]) is (>= 1 and <= 35) or 88;
}
