using System.Globalization;

namespace LlmGuard.Scanning.Entities.Phones;

/// <summary>The country calling codes of ITU-T E.164, each with the lengths that national numbers have there.</summary>
internal static class CallingCodes
{
    // Code, then the least and the most digits after it.
    private const string Plans = """
        1:10-10 7:10-10 20:8-10 27:9-9 30:10-10 31:9-11 32:8-9 33:9-9 34:9-9 36:8-9 39:6-11 40:9-9 41:9-12 43:4-13 44:7-10 45:8-8 46:7-13 47:5-8
        48:9-9 49:3-13 51:8-9 52:10-11 53:6-8 54:10-11 55:10-11 56:9-9 57:8-10 58:10-10 60:8-10 61:6-10 62:7-12 63:8-10 64:7-10 65:8-11 66:8-9
        81:9-10 82:8-11 84:7-10 86:7-11 90:10-10 91:10-10 92:9-10 93:9-9 94:9-9 95:7-10 98:10-10 211:9-9 212:9-9 213:8-9 216:8-8 218:9-9 220:7-7
        221:9-9 222:8-8 223:8-8 224:8-9 225:8-10 226:8-8 227:8-8 228:8-8 229:8-10 230:7-8 231:7-9 232:8-8 233:9-9 234:7-10 235:8-8 236:8-8 237:8-9
        238:7-7 239:7-7 240:9-9 241:7-8 242:9-9 243:7-9 244:9-9 245:7-9 246:7-7 247:4-6 248:7-7 249:9-9 250:8-9 251:9-9 252:6-9 253:8-8 254:7-9
        255:9-9 256:9-9 257:8-8 258:8-9 260:9-9 261:9-9 262:9-9 263:8-10 264:8-9 265:7-9 266:8-8 267:7-8 268:8-8 269:7-7 290:4-5 291:7-7 297:7-7
        298:6-6 299:6-6 350:8-8 351:9-9 352:4-11 353:7-9 354:7-9 355:6-9 356:8-8 357:8-8 358:5-12 359:6-9 370:8-8 371:8-8 372:7-8 373:8-8 374:8-8
        375:9-9 376:6-9 377:8-9 378:6-10 379:10-10 380:9-9 381:8-9 382:8-8 383:8-9 385:8-9 386:8-8 387:8-8 389:8-8 420:9-9 421:9-9 423:7-9 500:5-5
        501:7-7 502:8-8 503:8-8 504:8-8 505:8-8 506:8-8 507:7-8 508:6-9 509:8-8 590:9-9 591:8-8 592:7-7 593:8-9 594:9-9 595:8-9 596:9-9 597:6-7
        598:7-8 599:7-8 670:7-8 672:5-6 673:7-7 674:7-7 675:7-8 676:5-7 677:5-7 678:5-7 679:7-7 680:7-7 681:6-6 682:5-5 683:4-7 685:5-7 686:5-8
        687:6-6 688:5-6 689:6-8 690:4-5 691:7-7 692:7-7 800:8-8 808:8-8 850:8-10 852:8-8 853:8-8 855:8-9 856:8-10 870:9-9 878:12-12 880:8-10
        881:8-9 882:7-12 883:7-12 886:8-9 888:11-11 960:7-7 961:7-8 962:8-9 963:8-9 964:8-10 965:7-8 966:8-9 967:7-9 968:8-8 970:8-9 971:8-9
        972:8-9 973:8-8 974:7-8 975:7-8 976:8-8 977:8-10 979:9-9 992:9-9 993:8-8 994:9-9 995:9-9 996:9-9 998:9-9
        """;

    // By code: the least number of digits times 16, plus the most; 0 where no country has it.
    private static readonly byte[] Lengths = Read();

    /// <summary>Whether digits are a code that is assigned and a national number of a length that its country has.</summary>
    /// <param name="digits">Values from 0 to 9.</param>
    /// <param name="slack">Digits that may be missing or too many: service numbers differ in length from those of subscribers.</param>
    public static bool IsNumber(ReadOnlySpan<byte> digits, int slack = 0)
    {
        var code = CodeLength(digits);
        if (code == 0)
        {
            return false;
        }

        var rest = digits[code..];
        var range = Lengths[ValueOf(digits[..code])];

        // A zero in parentheses, "+44 (0)20 ...", is dialled within the country only; Italy and some others keep theirs.
        var trunk = rest.Length > 0 && rest[0] == 0 ? 1 : 0;
        return rest.Length >= (range >> 4) - slack && rest.Length <= (range & 15) + trunk + slack && rest.Length > 3
            && !(code == 1 && digits[0] == 1 && rest[0] < 1);
    }

    /// <summary>Digits of the code that a number starts with, or 0 when none is assigned.</summary>
    public static int CodeLength(ReadOnlySpan<byte> digits)
    {
        for (var length = 1; length <= 3 && length < digits.Length; length++)
        {
            if (Lengths[ValueOf(digits[..length])] != 0 && digits[0] != 0)
            {
                return length;
            }
        }

        return 0;
    }

    private static int ValueOf(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 10) + digit;
        }

        return value;
    }

    private static byte[] Read()
    {
        var lengths = new byte[1000];
        foreach (var plan in Plans.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            var (colon, hyphen) = (plan.IndexOf(':', StringComparison.Ordinal), plan.IndexOf('-', StringComparison.Ordinal));
            lengths[Number(plan[..colon])] = (byte)((Number(plan[(colon + 1)..hyphen]) << 4) | Number(plan[(hyphen + 1)..]));
        }

        return lengths;

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
