using System.Text;
using LlmGuard.Scanning.Patterns;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Patterns;

/// <summary>The law of groups: patterns that are looked for together are found where each would be found alone.</summary>
[NonParallelizable]
internal sealed class PatternGroupTests
{
    private static readonly string[] Heads =
        ["key-", "AKIA", "(?i)token", "[A-Z]{2}\\d\\d", "\\d{3}-\\d\\d", "x{1,3}@y", "(?:ab|cd)ef", "0x[0-9a-f]{4}", "\u00E9t\u00E9s", "[a-z]+://", "sk_(?:live|test)_"];

    private static readonly string[] Tails = ["", "\\d+", "[A-Za-z]{2,5}", "\\b", "\\s*=\\s*\\S+", "$", "(?:x|y)?"];

    private static readonly string[] Pieces =
    [
        "key-", "AKIA", "ToKeN", "DE12", "123-45", "xx@y", "abef", "cdef", "0x1a2b", "\u00E9t\u00E9s", "http://", "sk_live_", "sk_tes", " = 7", "9", "x", "\n",
        "AK", "ke", "12", "\u20AC", " ",
    ];

    private static readonly int Rounds = FuzzBudget.Of(50);

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Scan_PatternsOfAGroup_FindsWhatEachFindsAlone([Values] SimdLevel level)
    {
        Simd.Level = level;
        var (random, grouped, found) = (new Random((int)level), 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            PatternProgram[] programs = [.. Enumerable.Range(0, random.Next(2, 80)).Select(_ => PatternProgram.Compile(Of(random, Heads) + Of(random, Tails)))];
            var groups = PatternGroup.Of(programs);
            grouped += groups.Count(g => g.Group is not null);
            var candidates = groups.Select(g => g.Group).OfType<PatternGroup>().Distinct().ToDictionary(g => g, g => new PatternCandidates(g));
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Text(random))));
            for (var i = 0; i < programs.Length; i++)
            {
                var together = new PatternRun(
                    programs[i], i, candidates: groups[i].Group is { } group ? candidates[group] : null, number: groups[i].Number);
                var (expected, actual) = (new List<Candidate>(), new List<Candidate>());
                new PatternRun(programs[i], i).Find(new ScanWindow(text, 0, 0, isEnd: true), expected);
                together.Find(new ScanWindow(text, 0, 0, isEnd: true), actual);
                found += actual.Count;
                Assert.That(actual, Is.EqualTo(expected), () => $"round {round}: {Encoding.UTF8.GetString(text)}");
            }
        }

        Assert.That(found, Is.GreaterThan(5 * Rounds), "little was found, so that little is proven");
        Assert.That(grouped, Is.GreaterThan(5 * Rounds), "few patterns were in groups, so that little is proven");
    }

    // So many beginnings that only four bytes of each are looked for, and nothing behind them.
    [Test]
    public void Scan_MatchAtTheVeryEnd_IsFound()
    {
        PatternProgram[] programs =
            [PatternProgram.Compile("(?:ab|cd|ef|gh)(?:ab|cd|ef|gh)(?:ij|kl|mn|op|qr)?"), PatternProgram.Compile("AKIA\\d")];
        var candidates = new PatternCandidates(PatternGroup.Of(programs)[0].Group!);
        var found = new List<Candidate>();

        new PatternRun(programs[0], 0, candidates: candidates).Find(new ScanWindow("x abgh"u8, 0, 0, isEnd: true), found);

        Assert.That((candidates.AreFound, found.Single()), Is.EqualTo((true, new Candidate(2, 6, 0))));
    }

    [Test]
    public void Scan_TextFullOfCandidates_IsLeftToEachPattern()
    {
        var groups = PatternGroup.Of([PatternProgram.Compile("key-\\d"), PatternProgram.Compile("AKIA\\d")]);
        var candidates = new PatternCandidates(groups[0].Group!);
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("key-7 ", 1000)));

        candidates.Read(new ScanWindow(text, 0, 0, isEnd: true));

        Assert.That(candidates.AreFound, Is.False);
    }

    [Test]
    public void Read_PieceOfAText_IsLeftToEachPattern([Values(0, 7)] long origin)
    {
        var groups = PatternGroup.Of([PatternProgram.Compile("key-\\d"), PatternProgram.Compile("AKIA\\d")]);
        var candidates = new PatternCandidates(groups[0].Group!);

        candidates.Read(new ScanWindow("key-7"u8, 0, origin, isEnd: origin > 0));

        Assert.That(candidates.AreFound, Is.False);
    }

    [Test]
    public void Of_MorePatternsThanAGroupHolds_MakesSeveral()
    {
        PatternProgram[] programs = [.. Enumerable.Range(100, 150).Select(n => PatternProgram.Compile($"id{n}-\\d"))];

        var groups = PatternGroup.Of(programs);

        Assert.That(groups.Select(g => g.Group).Distinct().Count(), Is.EqualTo(3));
        Assert.That(groups.GroupBy(g => g.Group).Select(g => g.Select(p => p.Number)), Is.All.Ordered);
        Assert.That(groups[0].Number, Is.Zero, "the first pattern of a group is asked first, and turns to the next text for all");
    }

    [Test]
    public void Of_PatternWithoutAFingerprint_IsLookedForAlone()
    {
        var groups = PatternGroup.Of([PatternProgram.Compile("key-\\d"), PatternProgram.Compile("\\w+"), PatternProgram.Compile("AKIA\\d")]);

        Assert.That(groups.Select(g => g.Group is not null), Is.EqualTo(new[] { true, false, true }));
    }

    private static string Of(Random random, string[] choices) => choices[random.Next(choices.Length)];

    private static string Text(Random random)
    {
        var piece = Of(random, Pieces);
        return random.Next(4) == 0 ? piece[..random.Next(piece.Length + 1)] : piece + new string('-', random.Next(20));
    }
}
