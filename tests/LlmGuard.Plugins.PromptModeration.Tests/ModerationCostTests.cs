using System.Text;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>What a text costs: nothing that is kept, and hardly more for many keywords than for few.</summary>
public sealed class ModerationCostTests
{
    private const string Syllables = "ba be bi bo bu da de di do du fa fe fi fo fu ga ge gi go gu ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu pa pe pi po pu ra re ri ro ru";

    private static readonly string[] Parts = Syllables.Split(' ');

    [Test]
    public void Evaluate_CleanTextAgain_AllocatesNothing()
    {
        var evaluator =
            Moderation.Evaluator("""{"keywords": ["nerve agent", "explosives", "bomb"], "regex": ["PRJ-[0-9]{4}"], "similarity_threshold": 0.8}""");
        var calls = new[]
        {
            new GuardrailCall(GuardrailStage.PreRequest,
                GuardrailContent.FromText(string.Concat(Enumerable.Repeat("We met on Monday and spoke of the weather; naïve, isn't it? ", 30)),
                SegmentRole.User)),
            new GuardrailCall(GuardrailStage.PreRequest, Moderation.Joined("the first part of a message", "and the second one", "and the last")),
        };
        var isClean = true;
        var least = LeastAllocated.By(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                isClean &= IsAllowed(evaluator, calls[i % 2]);
            }
        });
        Assert.That(least, Is.Zero);
        Assert.That(isClean);
    }

    [TestCase("Plain words of a message, nothing else in it; and a second sentence.")]
    [TestCase("Ünïcödé — “quotes”, 信頼, Привет, emoji 😀 and zero\u200Bwidth")]
    [TestCase("see https://example.com/a%20b?c=%41 and \\u0041 &amp; aGVsbG8gd29ybGQgYWdhaW4gYW5kIGFnYWlu")]
    [TestCase("weapons of nothing, weapons of all kinds; l e t t e r s and 1 2 3 4")]
    public void Evaluate_NewContentEveryTime_AllocatesNothing(string text)
    {
        var evaluator = Moderation.Evaluator("""{"keywords": ["nerve agent", "weapons of mass destruction", "bomb", "c++"], "regex": ["PRJ-[0-9]{4}", "(?i)key: \\S+"], "topics": [{"name": "t", "keywords": ["gun"], "roles": ["user"]}]}""");
        var calls = Enumerable.Range(0, 60).Select(_ =>
            new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User))).ToArray();
        foreach (var call in calls)
        {
            // What belongs to the content, and is there before any plugin asks.
            Assert.That(call.Content.JoinedTexts, Is.Empty);
            Assert.That(call.Content[0].Utf8.Length, Is.GreaterThan(0));
        }

        var (next, isClean) = (0, true);
        var least = LeastAllocated.By(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                isClean &= IsAllowed(evaluator, calls[next++ % calls.Length]);
            }
        });
        Assert.That(least, Is.Zero);
        Assert.That(isClean);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly",
        Justification = "It has completed; a task would allocate.")]
    private static bool IsAllowed(IGuardrailEvaluator evaluator, GuardrailCall call) =>
        evaluator.EvaluateAsync(call, CancellationToken.None) is { IsCompletedSuccessfully: true, Result.Outcome: VerdictOutcome.Allow };

    [Test]
    public void Spares_MoreThanThereIsRoomFor_KeepsAsManyAsThereIsRoomFor()
    {
        var (spares, settings) = (new Spares<ModerationFindings>(), ModerationSettings.Read(GuardrailSettings.Parse("""{"keywords": ["bomb"]}""")));
        var given = Enumerable.Range(0, 100).Select(_ => new ModerationFindings(settings)).ToArray();
        Array.ForEach(given, spares.Give);
        Assert.That(spares.Count, Is.EqualTo(Spares<ModerationFindings>.Capacity));
        var taken = Enumerable.Range(0, 100).Select(_ => spares.TryTake()).OfType<ModerationFindings>().ToArray();
        Assert.That(taken, Is.Unique.And.SubsetOf(given).And.Length.EqualTo(Spares<ModerationFindings>.Capacity));
        Assert.That(spares.TryTake(), Is.Null);
    }

    [TestCase(700, Description = "words that come again and again")]
    [TestCase(6000, Description = "more of them than the smaller table of known words holds")]
    public void Find_TenThousandKeywordsAgain_CostAtMostSixTimesAHundred(int distinct)
    {
        var text = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 24_000).Select(i => Word(i % distinct * 13))));
        var (few, many) = (Steps(100), Steps(10_000));
        TestContext.Out.WriteLine($"100 keywords: {few} steps, 10,000: {many} steps for {text.Length} bytes");
        Assert.That(many, Is.LessThanOrEqualTo(6 * few));

        long Steps(int keywords)
        {
            var search = new FuzzySearch(new FuzzyWords([.. Enumerable.Range(0, keywords).Select(Keyword)], 0.8));
            for (var i = 0; i < 4; i++)
            {
                search.Find(text, []);
            }

            return search.Find(text, []);
        }
    }

    [Test]
    public void Find_NewWordsEveryTime_CostIsLinear()
    {
        var words = new FuzzyWords([.. Enumerable.Range(0, 10_000).Select(Keyword)], 0.8);
        Assert.That(Steps(16), Is.LessThanOrEqualTo(18 * Steps(1)));

        long Steps(int times) =>
            new FuzzySearch(words).Find(Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 500 * times).Select(Word))), []);
    }

    [Test]
    public void Find_WarmSearch_FindsWhatAFreshOneFinds()
    {
        var words = new FuzzyWords([.. Enumerable.Range(0, 300).Select(Keyword), "two words", "an other phrase"], 0.75);
        var warm = new FuzzySearch(words);
        var random = new Random(20261);
        for (var i = 0; i < 300; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 30).Select(_ => random.Next(12) switch
            {
                0 =>
                    "two", 1 => "wordz", 2 => "an", 3 => "othr phrase", 4 => Keyword(random.Next(300)), 5 => Keyword(random.Next(300))[1..],
                    _ => Word(random.Next(4000)),
            })));
            var (ours, fresh) = (new List<FuzzyMatch>(), new List<FuzzyMatch>());
            warm.Find(text, ours);
            new FuzzySearch(words).Find(text, fresh);
            Assert.That(ours, Is.EqualTo(fresh));
        }
    }

    [TestCase("d\u00e9j\u00e0 v\u00fb \u00e9t\u00e9 ", Description = "accents")]
    [TestCase("\uff54\uff45\uff58\uff54 ", Description = "full-width letters")]
    [TestCase("\u0442\u043e \u0438 \u043d\u0435 \u0442\u043e ", Description = "short words of Cyrillic")]
    [TestCase("x\ufe0f ", Description = "invisible characters, which patterns read in a second view")]
    [TestCase("%61%62 ", Description = "escapes")]
    [TestCase("Ym9tYmVyIGpla2V0cyBmb3IgYWxs ", Description = "base64")]
    [TestCase("x\U000E0061 ", Description = "tags, a second reading")]
    public void Evaluate_LongText_TakesLittleMoreThanItselfInMemory(string piece)
    {
        var evaluator = Moderation.Evaluator("""{"keywords": ["nerve agent", "bomb"], "regex": ["PRJ-[0-9]{4}"]}""");
        var content =
            GuardrailContent.FromText(string.Concat(Enumerable.Repeat(piece, (4 << 20) / Encoding.UTF8.GetByteCount(piece))), SegmentRole.User);
        var length = content[0].Utf8.Length;
        Assert.That(content.JoinedTexts, Is.Empty);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = Evaluate(evaluator, content);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That((verdict.Outcome, verdict.Failure), Is.EqualTo((VerdictOutcome.Allow, (GuardrailFailure?)null)));
        Assert.That(allocated, Is.LessThanOrEqualTo(length * 1.5), $"{(double)allocated / length:0.00} times the text");
    }

    [Test]
    public void Advance_OrdinaryText_HoldsHardlyMoreThanAWord()
    {
        var evaluator = (PromptModerationEvaluator)Moderation.Evaluator(
            """{"keywords": ["nerve agent", "build a bomb", "explosives"], "regex": ["PRJ-[0-9]{4}"]}""");
        var text =
            string.Concat(Enumerable.Repeat("We met on Monday, and I spoke of the weather; a naïve idea, isn't it? Он не знал, что и как. ", 20));
        var held = Streams.Run(evaluator, text, [.. Enumerable.Range(1, Encoding.UTF8.GetByteCount(text))], SegmentRole.Assistant).Held;
        Assert.That(held, Is.LessThanOrEqualTo(16));
    }

    private static GuardrailVerdict Evaluate(IGuardrailEvaluator evaluator, GuardrailContent content) =>
        evaluator.EvaluateAsync(new GuardrailCall(GuardrailStage.PreRequest, content), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private static string Word(int number) => Parts[number % 50] + Parts[number / 50 % 50] + Parts[number / 2500 % 50];

    private static string Keyword(int number) => "x" + Parts[number % 50] + "q" + Parts[number / 50 % 50] + "z" + Parts[number / 2500 % 50];
}
