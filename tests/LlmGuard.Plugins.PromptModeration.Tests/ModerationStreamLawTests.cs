using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>The law of streams: for every way of cutting a text the output is that of the whole, and so is a bound that is hit.</summary>
public sealed class ModerationStreamLawTests
{
    private const string Lists = """
        "keywords": ["bomb", "build a weapon", "nerve", "c++", "爆弾", "machine gun", "he", "не надо", "überfall"],
        "regex": ["PRJ-[0-9]{2,}", "(?i)key: ?[a-z]+", "x[a-z]+y", "^ab|ab$", "-{5,}"],
        "topics": [{ "name": "t", "keywords": ["silencer", "a weapon"], "roles": ["assistant"] }, { "name": "u", "keywords": ["plain", "gun now"], "roles": ["user"] }]
        """;

    private static readonly string[] Pieces =
    [
        "bomb", "Bombs", "bo", "mb", "build", "a", "weapon", "weapn", "nеrve", "nerve", "b", "o", "m", "b", "c++", "c+", "爆", "弾", "爆弾", "machine",
        "gun", "now", "plain", "silencer", "he", "не", "он", "надо", "знаю", "мы", "hе", "überfall", "u\u0308berfall", "PRJ-", "123", "key:", "KEY: ",
        "x", "xay", "y", "ab", "-----", "--", "ｂｏｍｂ", "b\u200Bomb", "b0mb", "\u0336", "é", "e\u0301", "\U000E0062\U000E006F\U000E006D\U000E0062",
        "\U000E006F", "😀", "\uFE0F", "%62%6F", "%", "6d", "\\u0062", "&#98;", "Ym9tYiBpcyBoZXJlIG5vdw==", "Ym9tYiBp", "62 6f6d622069732068657265",
        "ﬁ", "\n", " ", " ", " ", " ", ". ", ", ", "                         ", "of no interest", "supercalifragilisticexpialidocious", "\u00AD",
            "\u3164", "\uFFA0", "\u2800",
    ];

    private static readonly Gen<(string Text, int[] Cuts)> Cases =
        from size in Gen.Choose(1, 24)
        from parts in Gen.ArrayOf(Gen.Elements(Pieces), size)
        let text = string.Concat(parts)
        from cutCount in Gen.Choose(0, 20)
        from cuts in Gen.ArrayOf(Gen.Choose(0, Encoding.UTF8.GetByteCount(text)), cutCount)
        select (text, cuts.Distinct().Order().ToArray());

    private static int Runs => FuzzBudget.Of(3000);

    [TestCase("user")]
    [TestCase("assistant")]
    public void Advance_AnyCuts_MasksWhatTheWholeMasks(string role)
    {
        var evaluator = (PromptModerationEvaluator)Moderation.Evaluator($$"""{ {{Lists}}, "actions": { "type": "mask", "mask_with": "<>" } }""");
        var property = Prop.ForAll(Cases.ToArbitrary(), given =>
        {
            var expected = Whole(evaluator, given.Text, new SegmentRole(role));
            var actual = Streams.Run(evaluator, given.Text, given.Cuts, new SegmentRole(role));
            Assert.That(actual.Text, Is.EqualTo(expected), () => $"'{given.Text}' cut at {string.Join(',', given.Cuts)}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithReplay(20261122UL, 31UL), property);
    }

    [Test]
    public void Advance_AnyCutsUnderBlock_StopsAtTheFirstFinding()
    {
        var mask = (PromptModerationEvaluator)Moderation.Evaluator($$"""{ {{Lists}}, "actions": { "type": "mask", "mask_with": "\u0001" } }""");
        var block = (PromptModerationEvaluator)Moderation.Evaluator($$"""{ {{Lists}} }""");
        var property = Prop.ForAll(Cases.ToArbitrary(), given =>
        {
            var whole = Whole(mask, given.Text, SegmentRole.Assistant);
            var actual = Streams.Run(block, given.Text, given.Cuts, SegmentRole.Assistant);
            Assert.That(actual.Text, Is.EqualTo(whole.StartsWith(Streams.Failed, StringComparison.Ordinal) ? whole : whole.Split('\u0001')[0]),
                () => $"'{given.Text}' cut at {string.Join(',', given.Cuts)}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithReplay(20261122UL, 37UL), property);
    }

    [Test]
    public void Advance_AnyCutsUnderFlag_ReportsTheSameAndLeavesTheText()
    {
        var evaluator = (PromptModerationEvaluator)Moderation.Evaluator($$"""{ {{Lists}}, "actions": { "type": "flag" } }""");
        var property = Prop.ForAll(Cases.ToArbitrary(), given =>
        {
            var whole = Streams.Run(evaluator, given.Text, [], SegmentRole.Assistant);
            var actual = Streams.Run(evaluator, given.Text, given.Cuts, SegmentRole.Assistant);
            Assert.That(actual.Text, Is.AnyOf(given.Text, whole.Text));
            Assert.That(actual.Found, Is.EqualTo(whole.Found), () => $"'{given.Text}' cut at {string.Join(',', given.Cuts)}");
            Assert.That(whole.Found.Count == 0,
                Is.EqualTo(Judge(evaluator, given.Text, SegmentRole.Assistant) is { Outcome: VerdictOutcome.Allow, Failure: null }));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithReplay(20261122UL, 41UL), property);
    }

    [Test]
    public void Advance_BlockedSpan_TellsTheCallerWhatAWholeTextTells()
    {
        const string Settings = """{ "topics": [{ "name": "arms", "keywords": ["bomb"] }], "actions": { "message": "No %s here." } }""";
        var evaluator = (PromptModerationEvaluator)Moderation.Evaluator(Settings);
        var edits = new List<SpanEdit>();
        evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message)!.Advance("a bomb here"u8, 0, 11, isEnd: true, edits);
        var whole = Judge(evaluator, "a bomb here", SegmentRole.Assistant).Refusal!;
        Assert.That((edits.Single().Refusal!.Message, edits[0].Refusal!.Reason), Is.EqualTo(("No arms here.", "arms")));
        Assert.That((whole.Message, whole.Reason), Is.EqualTo(("No arms here.", "arms")));
    }

    [Test]
    public void Advance_TextThatCannotBeJudged_StopsTheStream()
    {
        var evaluator = (PromptModerationEvaluator)Moderation.Evaluator("""{ "keywords": ["bomb"] }""");
        var text = "fine " + new string('\u200B', 31);
        Assert.That(Streams.Run(evaluator, text, [4, 8, 20], SegmentRole.Assistant).Text, Is.EqualTo(Streams.Failed + FailureReasons.Undecodable));
        Assert.That(Judge(evaluator, text, SegmentRole.Assistant).Failure!.Reason, Is.EqualTo(FailureReasons.Undecodable));
    }

    [Test]
    public void CreateScanner_NoRuleCountsForTheRole_IsNone()
    {
        var evaluator =
            (PromptModerationEvaluator)Moderation.Evaluator("""{ "topics": [{ "name": "t", "keywords": ["bomb"], "roles": ["user"] }] }""");
        Assert.That(evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message), Is.Null);
        Assert.That(evaluator.CreateScanner(SegmentRole.User, SegmentKind.Message), Is.Not.Null);
        Assert.That(evaluator.CreateScanner(new SegmentRole("else"), SegmentKind.Message), Is.Not.Null, "an unknown role counts for all");
    }

    private static GuardrailVerdict Judge(PromptModerationEvaluator evaluator, string text, SegmentRole role) =>
        evaluator.EvaluateAsync(new GuardrailCall(GuardrailStage.PreResponse, GuardrailContent.FromText(text, role)), CancellationToken.None).AsTask()
            .GetAwaiter().GetResult();

    private static string Whole(PromptModerationEvaluator evaluator, string text, SegmentRole role)
    {
        var verdict = Judge(evaluator, text, role);
        if (verdict.Failure is { } failure)
        {
            return Streams.Failed + failure.Reason;
        }

        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        foreach (var edit in verdict.Edits.OrderByDescending(e => e.Span.Start))
        {
            bytes.RemoveRange(edit.Span.Start, edit.Span.Length);
            bytes.InsertRange(edit.Span.Start, Streams.Rendered(edit.Replacement));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
