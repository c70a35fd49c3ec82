using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>Ways to write an ASCII text so that a person or a model still reads it.</summary>
internal static class Disguises
{
    private const string LookAlikes = "aа cс eе oо pр xх yу iі jј sѕ dԁ hһ kк mм tт";

    public static readonly IReadOnlyDictionary<string, Func<string, Random, string>> All = new Dictionary<string, Func<string, Random, string>>
    {
        ["plain"] = (text, _) => text,
        ["upper case"] = (text, _) => text.ToUpperInvariant(),
        ["mixed case"] = (text, random) => Each(text, c => random.Next(2) == 0 ? char.ToUpperInvariant(c).ToString() : c.ToString()),
        ["full width"] = (text, _) => Each(text, c => c is > ' ' and <= '~' ? ((char)(c + 0xFEE0)).ToString() : "\u3000"),
        ["zero width"] = (text, random) =>
            string.Join(Pick(random, "\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF", "\u00AD", "\u202E", "\uFE0F", "\u0001"), text.ToCharArray()),
        ["combining marks"] = (text, random) =>
            Each(text, c => c + (char.IsAsciiLetter(c) ? new string((char)(0x300 + random.Next(0x6F)), random.Next(1, 4)) : "")),
        ["look-alikes"] = (text, _) => Each(text, c => LookAlikes.Split(' ').FirstOrDefault(p => p[0] == c)?[1..] ?? c.ToString()),
        ["mathematical"] = (text, random) =>
            Each(text, c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1D41A + (52 * random.Next(2)) + c - 'a') : c.ToString()),
        ["circled"] = (text, _) => Each(text, c => char.IsAsciiLetterLower(c) ? ((char)(0x24D0 + c - 'a')).ToString() : c.ToString()),
        ["squared"] = (text, _) => Each(text, c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1F130 + c - 'a') : c.ToString()),
    };

    public static string Tags(string text) => Each(text, c => char.ConvertFromUtf32(0xE0000 + c));

    /// <summary>Words of ASCII letters, with how to disguise them.</summary>
    public static Gen<(string Word, string Way, int Seed)> Words(int shortest = 4) =>
        from letters in Gen.Choose('a', 'z').ArrayOf()
        from more in Gen.Choose('a', 'z').ArrayOf(shortest)
        from way in Gen.Elements<string>(All.Keys)
        from seed in Gen.Choose(0, int.MaxValue)
        select (new string([.. more.Concat(letters.Take(20)).Select(c => (char)c)]), way, seed);

    private static string Each(string text, Func<char, string> map) => text.Aggregate(new StringBuilder(), (all, c) => all.Append(map(c))).ToString();

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
