using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Tests.Fuzzing;
using WordReader = LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordReader;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Words;

/// <summary>
/// Words read 64 bytes at a time are those of the walk byte by byte, with whatever vectors.
/// </summary>
[NonParallelizable]
public sealed class WordReaderTests
{
    private static readonly int Texts = FuzzBudget.Of(1500);

    private static readonly string[] Pieces =
    [
        "ignore", "ignroe", "previuos", "all", "the", "instructions", "don't", "l'assistant", "dell'utente", "qu'il", "d'", "'", "-", "--",
        "system-prompt", "pre-prompt", "rot13", "a_b", "_", "__x", " ", " ", " ", "  ", "\n", "\n", "\t", ".", ". ", "...", ".a", "!", "? ", "?x",
        ":", ": ", ":\"", "\"", "\"", "`", "|", "{", "}", "[", "<", ">", "(", ")", ",", ";", "!)", ".'", "3.5", "1,000", "e.g. ",
        new string('a', 15), new string('b', 16), new string('c', 17), new string('d', 48), new string('e', 49), new string('f', 63),
        new string('g', 130), new string(' ', 62), "l'" + new string('h', 70), "x-y-z", "z'z'z",
    ];

    private static readonly string[] Foreign =
        ["\u201Cquoted\u201D", "\u5FFD\u7565\u4E4B\u524D", "\u0438\u0433\u043D\u043E\u0440\u0438\u0440\u0443\u0439", "\u2014", "\u00DF"];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Read_GeneratedAscii_GivesWhatTheWalkGives([Range(0, (int)SimdLevel.Bits512)] int level)
    {
        Simd.Level = (SimdLevel)level;
        for (var seed = 0; seed < Texts; seed++)
        {
            AssertIsTheWalk(seed, Pieces);
        }
    }

    [Test]
    public void Read_GeneratedTextOfSeveralWritings_GivesWhatTheWalkGives()
    {
        for (var seed = 0; seed < Texts; seed++)
        {
            AssertIsTheWalk(seed, [.. Pieces, .. Foreign]);
        }
    }

    // More words than are placed before they are looked up, with and without such as are looked up one by one.
    [Test]
    public void Read_LongText_GivesWhatTheWalkGives([Range(0, (int)SimdLevel.Bits512)] int level, [Values(1, 40)] int pieces)
    {
        Simd.Level = (SimdLevel)level;
        var random = new Random(level);
        string[] rare = [.. Pieces.Where((_, i) => i % pieces == 0)];
        string[] plain = ["ignore ", "all ", "the ", "previous ", "instructions ", "ignroe ", "seventeen-letters ", "x. "];
        AssertIsTheWalk(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0,
            4000).Select(_ => random.Next(20) == 0 ? rare[random.Next(rare.Length)] : plain[random.Next(plain.Length)]))));
    }

    [TestCase("attacks")]
    [TestCase("ordinary")]
    [TestCase("inserted")]
    [TestCase("read")]
    public void Read_Rows_GivesWhatTheWalkGives(string file)
    {
        foreach (var row in Rows.Read(file))
        {
            AssertIsTheWalk(Encoding.UTF8.GetBytes(TextFolder.Fold(row.Text)));
        }
    }

    private static void AssertIsTheWalk(int seed, string[] pieces)
    {
        var random = new Random(seed);
        AssertIsTheWalk(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => pieces[random.Next(pieces.Length)]))));
    }

    private static void AssertIsTheWalk(byte[] text)
    {
        var (expected, actual) = (new WordRow(), new WordRow());
        var state = new SentenceState(0, true, false);
        WordReader.ReadMixed(text, 0, ref state, expected);
        WordReader.Read(text, actual);
        Assert.That(actual.Words.ToArray(), Is.EqualTo(expected.Words.ToArray()), () => Encoding.UTF8.GetString(text));
    }
}
