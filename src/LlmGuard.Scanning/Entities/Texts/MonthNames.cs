using System.Text;

namespace LlmGuard.Scanning.Entities.Texts;

/// <summary>The names of months in English, Spanish, Portuguese, French, German, Italian and Dutch, and their short forms.</summary>
internal static class MonthNames
{
    private static readonly byte[][] Names =
    [
        .. ("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
            + "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene abr ago dic "
            + "janeiro fevereiro maio junho julho setembro outubro novembro dezembro fev mai out dez janvier mars avril juin juillet septembre octobre novembre "
            + "januar februar juni juli oktober dezember okt gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug ott januari februari maart mei augustus")
            .Split(' ').Distinct().OrderByDescending(name => name.Length).Select(Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[][]?[] ByFirst = Index();

    /// <summary>How the names begin, and that something must part them from the number that follows.</summary>
    public static IEnumerable<Opening> Openings => Names.Select(static name => Opening.Word(name, DateDetector.IsJoint, static b => DateDetector.IsJoint(b) || AsciiByte.IsDigit(b)));

    /// <summary>Whether a name can begin with a byte.</summary>
    public static bool StartsWith(int b) => AsciiByte.IsLetter(b) && ByFirst[b | 0x20] is not null;

    /// <summary>The offset after a name that stands at an offset as a whole word, or 0.</summary>
    public static int EndAt(ref ScanText text, int at)
    {
        if (!StartsWith(text[at]))
        {
            return 0;
        }

        foreach (var name in ByFirst[text[at] | 0x20]!)
        {
            if (text.Follows(at, name) && !AsciiByte.IsLetter(text[at + name.Length]))
            {
                return at + name.Length;
            }
        }

        return 0;
    }

    private static byte[][]?[] Index()
    {
        var table = new byte[][]?[128];
        foreach (var group in Names.GroupBy(name => name[0]))
        {
            table[group.Key] = [.. group];
        }

        return table;
    }
}
