using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>All the ways to pass over text find what asking every detector at every byte finds. A larger number of texts: LLMGUARD_FUZZ.</summary>
[NonParallelizable]
public sealed class NaiveEngineTests
{
    private static readonly int Texts = int.TryParse(Environment.GetEnvironmentVariable("LLMGUARD_FUZZ"), out var count) ? count : 150;

    private static readonly string[] Pieces =
    [
        .. EntityCatalog.Ids.SelectMany(Samples.Of), "the words of a sentence", "int total = ", "dbPassword = \"", "\"apiKey\": \"", "token:=", "hunter2-Xy", "account ", "born on ", "zip ", "cvv ", "call ",
        "12", "2026-11-21", "1,299.50", " ", " ", " ", "\n", "-", ".", ":", "=", "@", "(", "+", "A", "x", "\u00E9", "\u2010", "::", "0x",
    ];

    private static readonly EntityTable Table = new([.. EntityCatalog.Ids.Select(static (id, number) => (EntityCatalog.Find(id, least: 1)!, number))]);

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Find_AnyText_IsWhatEveryDetectorSaysAtEveryByte([Values] bool isEnd)
    {
        var random = new Random(59);
        for (var i = 0; i < Texts; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1 + random.Next(25)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            var expected = Naive(text, isEnd);
            foreach (var level in Enum.GetValues<SimdLevel>())
            {
                Simd.Level = level;
                var found = new List<Candidate>();
                var open = new EntityMatcher(Table).Find(new ScanWindow(text, 0, 0, isEnd), found);

                // What is undecided is found later; what is decided is there, and nothing else.
                Assert.That(found.Where(c => c.Start < open).Order(), Is.EqualTo(expected.Where(c => c.Start < open).Order()), () => $"{level}: {Encoding.UTF8.GetString(text)}");
                Assert.That(!isEnd || open == text.Length, "All is decided at the end.");
            }
        }
    }

    private static List<Candidate> Naive(byte[] bytes, bool isEnd)
    {
        var text = new ScanText(bytes, isEnd);
        var found = new List<Candidate>();
        for (var number = 0; number < Table.Detectors.Length; number++)
        {
            var detector = Table.Detectors[number];
            for (int at = 0, skipped = 0; at < bytes.Length; at++)
            {
                if (at < skipped || !detector.IsTriggerAfter(ByteNeighbours.Of(at > 0 ? bytes[at - 1] : -1), bytes[at]))
                {
                    continue;
                }

                text.HitEnd = false;
                text.Confidence = Confidence.High;
                var isMatch = detector.TryMatch(ref text, at, 0, out var start, out var end);
                if (!text.HitEnd && isMatch)
                {
                    found.Add(new Candidate(start, end, number, Confidence: text.Confidence));
                    skipped = detector.SkipsInside ? end : skipped;
                }
            }
        }

        return found;
    }
}
