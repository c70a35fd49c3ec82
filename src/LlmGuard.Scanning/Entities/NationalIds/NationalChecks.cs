using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Entities.NationalIds;

/// <summary>The check digits of national numbers in Europe.</summary>
internal static class NationalChecks
{
    public static bool PolishPesel(ReadOnlySpan<byte> d) => (Checksums.Sum(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10) == 0
        && Checksums.Two(d[2..]) % 20 is >= 1 and <= 12 && Checksums.Two(d[4..]) is >= 1 and <= 31;

    public static bool PolishNip(ReadOnlySpan<byte> d) => Checksums.Sum(d, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9] - '0';

    public static bool PolishRegon(ReadOnlySpan<byte> d) => Checksums.Sum(d, [8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == d[8] - '0';

    // One digit of the first ten occurs twice or three times, as the tax office says.
    public static bool GermanTaxId(ReadOnlySpan<byte> d)
    {
        Span<int> counts = stackalloc int[10];
        counts.Clear();
        foreach (var digit in d[..10])
        {
            counts[digit - '0']++;
        }

        var (repeated, most) = (0, 0);
        foreach (var count in counts)
        {
            repeated += count > 1 ? 1 : 0;
            most = Math.Max(most, count);
        }

        return d[0] != '0' && repeated == 1 && most is 2 or 3 && Checksums.Mod11And10(d);
    }

    public static bool GermanPension(ReadOnlySpan<byte> d)
    {
        Span<byte> digits = stackalloc byte[13];
        d[..8].CopyTo(digits);
        var letter = d[8] - 'A' + 1;
        (digits[8], digits[9]) = ((byte)('0' + (letter / 10)), (byte)('0' + (letter % 10)));
        d[9..].CopyTo(digits[10..]);
        var sum = 0;
        ReadOnlySpan<sbyte> weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
        for (var i = 0; i < weights.Length; i++)
        {
            var product = (digits[i] - '0') * weights[i];
            sum += (product / 10) + (product % 10);
        }

        return sum % 10 == digits[12] - '0';
    }

    // ICAO 9303: letters count from 10, weights 7, 3, 1.
    public static bool TravelDocument(ReadOnlySpan<byte> c)
    {
        var sum = 0;
        for (var i = 0; i < c.Length - 1; i++)
        {
            sum += Checksums.Value(c[i]) * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
        }

        return c.ContainsAnyInRange((byte)'A', (byte)'Z') && sum % 10 == c[^1] - '0';
    }

    public static bool BritishHealth(ReadOnlySpan<byte> d) => !Checksums.IsUniform(d) && Checksums.Sum(d, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;

    public static bool BritishInsurance(ReadOnlySpan<byte> c) =>
        !"DFIQUV"u8.Contains(c[0]) && !"DFIQUVO"u8.Contains(c[1]) && c[^1] is >= (byte)'A' and <= (byte)'D'
        && !(c.StartsWith("BG"u8) || c.StartsWith("GB"u8) || c.StartsWith("KN"u8) || c.StartsWith("NK"u8) || c.StartsWith("NT"u8)
            || c.StartsWith("TN"u8) || c.StartsWith("ZZ"u8));

    public static bool DutchBsn(ReadOnlySpan<byte> d) => !Checksums.IsUniform(d) && Checksums.Sum(d, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0;

    public static bool Belgian(ReadOnlySpan<byte> d)
    {
        var check = Checksums.Two(d[9..]);
        var born = Checksums.Remainder(d[..9], 97);

        // Those born from 2000 on have a 2 before the number.
        return Checksums.Two(d[2..]) % 20 <= 12 && (check == 97 - born || check == 97 - ((born + (int)(2_000_000_000L % 97)) % 97));
    }

    public static bool Swedish(ReadOnlySpan<byte> d)
    {
        var ten = d[^10..];
        var day = Checksums.Two(ten[4..]);
        return Checksums.Two(ten[2..]) is >= 1 and <= 12 && day is (>= 1 and <= 31) or (>= 61 and <= 91) && Checksums.Luhn(ten);
    }

    public static bool Finnish(ReadOnlySpan<byte> c)
    {
        // The sign of the century stands between birth date and serial number and may be a letter.
        Span<byte> digits = stackalloc byte[9];
        c[..6].CopyTo(digits);
        c[^4..^1].CopyTo(digits[6..]);
        return Checksums.IsDay(c[2..], c) && "0123456789ABCDEFHJKLMNPRSTUVWXY"u8[Checksums.Remainder(digits, 31)] == c[^1];
    }

    public static bool Norwegian(ReadOnlySpan<byte> d) =>
        Checksums.Sum(d, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0 && Checksums.Sum(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
            && Checksums.Two(d) % 40 is >= 1 and <= 31;

    // The check digit is not kept any more since 2007; the date remains.
    public static bool Danish(ReadOnlySpan<byte> d) => Checksums.IsDay(d[2..], d);

    public static bool Baltic(ReadOnlySpan<byte> d)
    {
        if (d[0] is < (byte)'1' or > (byte)'8' || !Checksums.IsDay(d[3..], d[5..]))
        {
            return false;
        }

        var check = Checksums.Sum(d, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        check = check == 10 ? Checksums.Sum(d, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10 : check;
        return check == d[10] - '0';
    }

    public static bool Latvian(ReadOnlySpan<byte> d) =>
        Checksums.IsDay(d[2..], d) && (1101 - Checksums.Sum(d, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11 == d[10] - '0';

    public static bool CzechBirth(ReadOnlySpan<byte> d) =>
        Checksums.Two(d[2..]) is (>= 1 and <= 12) or (>= 21 and <= 32) or (>= 51 and <= 62) or (>= 71 and <= 82) && Checksums.Two(d[4..]) is >= 1
            and <= 31 && Checksums.Remainder(d, 11) == 0;

    public static bool HungarianTaj(ReadOnlySpan<byte> d) => !Checksums.IsUniform(d) && Checksums.Sum(d, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 == d[8] - '0';

    public static bool Romanian(ReadOnlySpan<byte> d) =>
        d[0] is >= (byte)'1' and <= (byte)'9' && Checksums.IsDay(d[3..], d[5..])
            && (Checksums.Sum(d, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) is var r && (r == 10 ? 1 : r) == d[12] - '0';

    public static bool Bulgarian(ReadOnlySpan<byte> d) =>
        Checksums.Two(d[2..]) % 20 is >= 1 and <= 12 && Checksums.Two(d[4..]) is >= 1 and <= 31
            && Checksums.Sum(d, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == d[9] - '0';

    public static bool YugoslavJmbg(ReadOnlySpan<byte> d)
    {
        var check = 11 - (Checksums.Sum(d, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
        return Checksums.IsDay(d[2..], d) && (check > 9 ? 0 : check) == d[12] - '0';
    }

    public static bool GreekAmka(ReadOnlySpan<byte> d) => Checksums.IsDay(d[2..], d) && Checksums.Luhn(d);

    // Weights are powers of two, from 256 down.
    public static bool GreekAfm(ReadOnlySpan<byte> d)
    {
        var sum = 0;
        for (var i = 0; i < 8; i++)
        {
            sum += (d[i] - '0') << (8 - i);
        }

        return !Checksums.IsUniform(d) && sum % 11 % 10 == d[8] - '0';
    }

    public static bool Portuguese(ReadOnlySpan<byte> d) =>
        d[0] is not ((byte)'0' or (byte)'4') && (Checksums.Sum(d, [9, 8, 7, 6, 5, 4, 3, 2]) % 11) is var r && (r < 2 ? 0 : 11 - r) == d[8] - '0';

    public static bool Swiss(ReadOnlySpan<byte> d) => d.StartsWith("756"u8) && Checksums.Sum(d, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0;

    public static bool Austrian(ReadOnlySpan<byte> d) =>
        d[0] != '0' && Checksums.IsDay(d[6..], d[4..]) && Checksums.Sum(d, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == d[3] - '0';

    public static bool Irish(ReadOnlySpan<byte> c)
    {
        var sum = Checksums.Sum(c, [8, 7, 6, 5, 4, 3, 2]) + (c.Length > 8 && c[8] <= 'I' ? (c[8] - 'A' + 1) * 9 : 0);
        return c[7] == (sum % 23 == 0 ? 'W' : 'A' + (sum % 23) - 1);
    }

    public static bool Icelandic(ReadOnlySpan<byte> d) => Checksums.IsDay(d[2..], d) && Checksums.Sum(d, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;

    public static bool RussianInn(ReadOnlySpan<byte> d) => d.Length == 10
        ? Checksums.Sum(d, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[9] - '0'
        : Checksums.Sum(d, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[10] - '0'
            && Checksums.Sum(d, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[11] - '0';

    public static bool RussianSnils(ReadOnlySpan<byte> d) => Checksums.Sum(d, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == Checksums.Two(d[9..]);

    public static bool Ukrainian(ReadOnlySpan<byte> d) => ((Checksums.Sum(d, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11 % 10 == d[9] - '0';

    public static bool Turkish(ReadOnlySpan<byte> d)
    {
        var odd = Checksums.Sum(d, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
        var even = Checksums.Sum(d, [0, 1, 0, 1, 0, 1, 0, 1]);
        return d[0] != '0' && ((((odd * 7) - even) % 10) + 10) % 10 == d[9] - '0'
            && Checksums.Sum(d, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 == d[10] - '0';
    }
}
