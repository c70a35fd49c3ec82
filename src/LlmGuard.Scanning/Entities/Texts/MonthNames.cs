using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Texts;

/// <summary>The names of months in English, Spanish, Portuguese, French, German, Italian and Dutch, and their short forms.</summary>
internal static class MonthNames
{
    private const int Telling = 3;

    private static readonly byte[][] Names =
    [
        .. ("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov "
            + "dec enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene abr ago dic janeiro "
            + "fevereiro maio junho julho setembro outubro novembro dezembro fev mai out dez janvier mars avril juin juillet septembre octobre "
            + "novembre januar februar juni juli oktober dezember okt gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
            + "gen mag giu lug ott januari februari maart mei augustus märz février août décembre")
            .Split(' ').Distinct().OrderByDescending(name => name.Length).Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][]?[] ByFirst = Index();

    // One bit for each row of three letters with which a name begins.
    private static readonly ulong[] Beginnings = IndexBeginnings();

    /// <summary>How the names begin, and that one or two signs part them from the number that follows.</summary>
    public static IEnumerable<Opening> Openings => Names.SelectMany(static name => new[]
    {
        Opening.Word(name, DateDetector.IsJoint, AsciiByte.IsDigit),
        Opening.Word(name, DateDetector.IsJoint, DateDetector.IsJoint, AsciiByte.IsDigit),
    });

    /// <summary>What may stand at each of the first places of a name, whatever name it is.</summary>
    public static IEnumerable<Func<int, bool>> Beginning =>
        Enumerable.Range(0, Telling).Select(static place =>
            (Func<int, bool>)(b => Array.Exists(Names, name => name[place] == (AsciiByte.IsLetter(b) ? b | 0x20 : b))));

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

    /// <summary>Whether a name may begin at an offset, as far as the text is known: says "perhaps" too often and "no" never wrongly.</summary>
    public static bool MayStand(ReadOnlySpan<byte> text, int at)
    {
        if (at + Telling > text.Length)
        {
            return true;
        }

        var letters = LettersAt(text[at..]);
        return AsciiByte.IsLetter(text[at]) && (Beginnings[letters >> 6] >> letters & 1) != 0;
    }

    private static int LettersAt(ReadOnlySpan<byte> text) => ((text[0] & 0x1F) << 10) | ((text[1] & 0x1F) << 5) | (text[2] & 0x1F);

    private static ulong[] IndexBeginnings()
    {
        var beginnings = new ulong[1 << 9];
        foreach (var name in Names)
        {
            var letters = LettersAt(name);
            beginnings[letters >> 6] |= 1UL << letters;
        }

        return beginnings;
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
