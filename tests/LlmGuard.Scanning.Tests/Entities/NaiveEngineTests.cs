using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>All the ways to pass over text find what asking every detector at every byte finds.</summary>
[NonParallelizable]
public sealed class NaiveEngineTests
{
    private static readonly int Texts = FuzzBudget.Of(150);

    private static readonly string[] Pieces =
    [
        .. EntityCatalog.Ids.SelectMany(Samples.Of), "the words of a sentence", "int total = ", "dbPassword = \"", "\"apiKey\": \"", "token:=",
            "hunter2-Xy", "account ", "born on ", "zip ", "cvv ", "call ",
        "12", "2026-11-21", "1,299.50", " ", " ", " ", "\n", "-", ".", ":", "=", "@", "(", "+", "A", "x", "\u00E9", "\u2010", "::", "0x",
    ];

    private static readonly EntityTable Table =
        new([.. EntityCatalog.Ids.Select(static (id, number) => (EntityCatalog.Find(id, least: 1)!, number))]);

    private const int LongestEntity = OpeningTable.LongestPadded - 2;

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Find_AnyText_IsWhatEveryDetectorSaysAtEveryByte([Values] bool isEnd)
    {
        var random = new Random(59);
        for (var i = 0; i < Texts; i++)
        {
            var text =
                Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1 + random.Next(25)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            var expected = Naive(text, isEnd);
            foreach (var level in Enum.GetValues<SimdLevel>())
            {
                Simd.Level = level;
                var found = new List<Candidate>();
                var open = new EntityMatcher(Table).Find(new ScanWindow(text, 0, 0, isEnd), found);

                // What is undecided is found later; what is decided is there, and nothing else.
                Assert.That(found.Where(c => c.Start < open).Order(), Is.EqualTo(expected.Where(c => c.Start < open).Order()), () =>
                    $"{level}: {Encoding.UTF8.GetString(text)}");
                Assert.That(!isEnd || open == text.Length, "All is decided at the end.");
            }
        }
    }

    [Test]
    public void PassRow_LettersAndDigits_SaysWhetherADetectorFindsAnything()
    {
        var random = new Random(61);
        var passed = 0;
        for (var i = 0; i < 40 * Texts; i++)
        {
            var row = Row(random);
            var isPassed = new EntityMatcher(Table).PassRow(row, out _);
            Assert.That(isPassed, Is.EqualTo(Naive(row, isEnd: true).Count == 0), () => Encoding.UTF8.GetString(row));
            passed += isPassed ? 1 : 0;
        }

        Assert.That(passed, Is.InRange(4 * Texts, 39 * Texts));
    }

    [Test]
    public void AskedInRow_LettersAndDigits_AreThoseAskedInAnyText()
    {
        var random = new Random(71);
        var (asked, steps) = (0, 0L);
        var padded = new byte[OpeningTable.PaddedRoom];
        for (var i = 0; i < 40 * Texts; i++)
        {
            var row = Row(random);
            OpeningTable.Pad(row, padded);
            for (var at = 0; at < row.Length; at++)
            {
                var detectors = Table.AskedAt(row, isEnd: true, at, ref steps);
                Assert.That(Table.AskedInRow(padded, row.Length, at, ref steps), Is.EqualTo(detectors), () => Encoding.UTF8.GetString(row));
                asked += detectors != 0 ? 1 : 0;
            }
        }

        Assert.That(asked, Is.GreaterThan(Texts));
    }

    [Test]
    public void MayStandInRow_OpeningThatNeedsTheEndsOfAText_IsSeenThere([Values] bool isWord, [Values(4, 5, 7)] int letters)
    {
        var word = "abcdefg"[..letters];
        var kinds = isWord ? word.Select(c => Opening.Exactly(c)) : Opening.Row(letters, static b => AsciiByte.IsLetter(b));
        var opening = new OpeningSets(new Opening([.. kinds, static b => b == -1]) { Before = static b => b == -1 });
        var table = new OpeningTable([(opening, 1)]);
        var padded = new byte[OpeningTable.PaddedRoom];
        OpeningTable.Pad(Encoding.UTF8.GetBytes(word), padded);
        Assert.That(table.MayStandInRow(padded, letters, 0), Is.True);
        OpeningTable.Pad(Encoding.UTF8.GetBytes(word + "h"), padded);
        Assert.That(table.MayStandInRow(padded, letters + 1, 0), Is.False);
    }

    [Test]
    public void Any_ShortPieceOfAText_SaysNoOnlyWhereNoDetectorIsAsked()
    {
        var random = new Random(67);
        for (var i = 0; i < 40 * Texts; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2 + random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            if (text.Length < 2)
            {
                continue;
            }

            var from = random.Next(1, text.Length);
            var until = Math.Min(text.Length, from + random.Next(1, 20));
            var steps = 0L;
            var isAsked = Enumerable.Range(from, until - from).Any(at => Table.AskedAt(text, isEnd: false, at, ref steps) != 0);
            Assert.That(EntityStops.Any(Table, text, from, until, within: 0, ref steps), Is.True.Or.EqualTo(isAsked), () =>
                Encoding.UTF8.GetString(text));
        }
    }

    private static byte[] Row(Random random)
    {
        var ofEntity =
            string.Concat(Samples.Of(EntityCatalog.Ids[random.Next(EntityCatalog.Ids.Count)]).First().Where(char.IsAsciiLetterOrDigit)
            .Take(LongestEntity));
        return random.Next(8) switch
        {
            0 => Encoding.UTF8.GetBytes(ofEntity),
            1 => Encoding.UTF8.GetBytes("xY"[..random.Next(3)] + ofEntity),
            _ => [.. Enumerable.Range(0, random.Next(1, 48)).Select(_ =>
                (byte)(random.Next(3) switch { 0 => '0' + random.Next(10), 1 => 'A' + random.Next(6), _ => 'a' + random.Next(26) }))],
        };
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
