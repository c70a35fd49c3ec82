using System.Collections.Frozen;

namespace LlmGuard.Scanning.Folding;

/// <summary>Code points that stand for several characters: ligatures, numbers in a circle, Roman numerals, fractions.</summary>
/// <remarks>
/// From the compatibility decompositions of the Unicode Character Database, in lower case and without enclosing parentheses and stops.
/// </remarks>
internal static class Expansions
{
    private static readonly string[] Texts = Build(out Index);

    private static readonly FrozenDictionary<int, int> Index;

    /// <summary>The number of the expansion, from 0, or -1 when there is none.</summary>
    public static int Find(int codePoint) => Index.GetValueOrDefault(codePoint, -1);

    /// <summary>The characters of an expansion; ASCII in lower case.</summary>
    public static string Text(int index) => Texts[index];

    private static string[] Build(out FrozenDictionary<int, int> index)
    {
        var texts = new List<string>();
        var found = new Dictionary<int, int>();

        void Add(int codePoint, string text)
        {
            found[codePoint] = texts.Count;
            texts.Add(text);
        }

        const string pairs =
            "æae Æae ǽae Ǽae ǣae Ǣae œoe Œoe ßss ẞss þth Þth ĳij Ĳij ŉn ǆdz ǅdz Ǆdz ǉlj ǈlj Ǉlj ǌnj ǋnj Ǌnj ǳdz ǲdz Ǳdz ﬀff ﬁfi ﬂfl ﬃffi ﬄffl ﬅst ﬆst " +
            "№no ℠sm ℡tel ™tm ℻fax ¼1/4 ½1/2 ¾3/4 ⅐1/7 ⅑1/9 ⅒1/10 ⅓1/3 ⅔2/3 ⅕1/5 ⅖2/5 ⅗3/5 ⅘4/5 ⅙1/6 ⅚5/6 ⅛1/8 ⅜3/8 ⅝5/8 ⅞7/8 ⅟1/ ↉0/3 ‥.. …... "
            + "ꜳaa Ꜳaa ꝏoo Ꝏoo ꜩtz Ꜩtz";
        foreach (var pair in pairs.Split(' '))
        {
            Add(pair[0], pair[1..]);
        }

        ReadOnlySpan<string> roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "l", "c", "d", "m"];
        for (var i = 0; i < roman.Length; i++)
        {
            Add(0x2160 + i, roman[i]);
            Add(0x2170 + i, roman[i]);
        }

        foreach (var (first, count, value) in new[]
        {
            (0x2460, 20, 1), (0x2474, 20, 1), (0x2488, 20, 1), (0x24EB, 10, 11), (0x24FE, 1, 10), (0x277F, 1, 10), (0x2789, 1, 10), (0x2793, 1, 10),
        })
        {
            for (var i = 0; i < count; i++)
            {
                Add(first + i, (value + i).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        index = found.ToFrozenDictionary();
        return [.. texts];
    }
}
