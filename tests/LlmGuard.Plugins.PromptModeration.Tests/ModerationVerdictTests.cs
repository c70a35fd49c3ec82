namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class ModerationVerdictTests
{
    private static readonly GuardrailStage[] Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse];

    [TestCaseSource(nameof(Stages))]
    public void Evaluate_NothingFound_Allows(GuardrailStage stage)
    {
        Assert.That(Moderation.Judge("""{"keywords": ["bomb"], "regex": ["[0-9]{6}"]}""", "a harmless question", stage).Outcome,
            Is.EqualTo(VerdictOutcome.Allow));
    }

    [TestCaseSource(nameof(Stages))]
    public void Evaluate_Block_RefusesInEveryStage(GuardrailStage stage)
    {
        var verdict = Moderation.Judge("""{"keywords": ["bomb"]}""", "a bomb", stage);
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal, Is.EqualTo(new GuardrailRefusal { Reason = "keyword" }));
        Assert.That(verdict.Findings, Is.EqualTo(new[] { new GuardrailFinding("keywords[0]", "keyword", 0, new TextSpan(2, 4)) }));
    }

    [TestCase("""{"regex": ["b[o0]mb"], "actions": {"type": "reject", "message": "Not %s, 100% sure, {0} %d %s"}}""",
        "Not pattern, 100% sure, {0} %d pattern")]
    [TestCase("""{"keywords": ["bomb"], "actions": {"message": "Because of a %s"}}""", "Because of a keyword")]
    [TestCase("""{"keywords": ["bomb"], "actions": {"message": "No."}}""", "No.")]
    [TestCase("""{"keywords": ["bomb"], "actions": {"message": ""}}""", null)]
    public void Evaluate_Block_FillsOnlyThePlaceholderOfTheMessage(string settings, string? expected)
    {
        Assert.That(Moderation.Judge(settings, "a bomb").Refusal!.Message, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Stages))]
    public void Evaluate_Flag_ReportsWithoutChange(GuardrailStage stage)
    {
        var verdict = Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "flag"}}""", "a bomb", stage);
        Assert.That((verdict.Outcome, verdict.Findings.Count, verdict.Edits.Count), Is.EqualTo((VerdictOutcome.Flag, 1, 0)));
    }

    [TestCase(GuardrailStage.PreRequest)]
    [TestCase(GuardrailStage.PreResponse)]
    public void Evaluate_Mask_EditsExactlyTheSpans(GuardrailStage stage)
    {
        var content = GuardrailContent.FromText("é: Ｂ\u200Bomb, code 123456!", SegmentRole.User);
        var verdict = Moderation.Judge("""{"keywords": ["bomb"], "regex": ["\\b[0-9]{6}\\b"], "actions": {"type": "mask"}}""", content, stage);
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        Assert.That(Moderation.Apply(verdict, content), Is.EqualTo(new[] { "é: <>, code <>!" }));
        Assert.That(verdict.Edits.Select(e => e.Replacement.Strength), Is.All.EqualTo(MaskStrength.Full));
    }

    [Test]
    public void Evaluate_MaskAtPostRequest_IsAnInputFailure() => AssertFails(
        Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "mask"}}""", "bomb", GuardrailStage.PostRequest),
            FailureReasons.MaskNotApplicable);

    private static IEnumerable<Editability> NotEditable => [Editability.Key, Editability.Signed];

    private static IEnumerable<Editability> NeverEdited => [.. NotEditable, Editability.Identifier];

    [TestCaseSource(nameof(NotEditable))]
    public void Evaluate_MaskOfWhatCannotBeEdited_IsAnInputFailure(Editability editability) => AssertFails(
        Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "mask"}}""", Moderation.Single("bomb", editability)),
            FailureReasons.MaskNotApplicable);

    [Test]
    public void Evaluate_MaskOfAnIdentifier_OnlyFlags([Values(GuardrailStage.PreRequest, GuardrailStage.PostRequest)] GuardrailStage stage)
    {
        const string rules = """{"keywords": ["bomb"], "regex": ["b.mb"], "actions": {"type": "mask"}}""";
        var verdict = Moderation.Judge(rules, Moderation.Single("bomb", Editability.Identifier), stage);
        Assert.That((verdict.Outcome, verdict.Findings.Count, verdict.Edits.Count), Is.EqualTo((VerdictOutcome.Flag, 2, 0)));
    }

    [Test]
    public void Evaluate_MaskOfTextBesideAnIdentifier_EditsTheText()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("bomb", new SegmentInfo { Editability = Editability.Identifier });
        builder.AddText("a bomb", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        var verdict = Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "mask"}}""", builder.Build());
        Assert.That(verdict.Edits.Select(e => (e.Segment, e.Span)), Is.EqualTo(new[] { (1, new TextSpan(2, 4)) }));
    }

    [TestCaseSource(nameof(NeverEdited))]
    public void Evaluate_BlockOfWhatCannotBeEdited_Blocks(Editability editability) => Assert.That(
        Moderation.Judge("""{"keywords": ["bomb"]}""", Moderation.Single("bomb", editability)).Outcome, Is.EqualTo(VerdictOutcome.Block));

    [Test]
    public void Evaluate_MaskOfAWholeValue_ReplacesAllOfItOnce()
    {
        var verdict =
            Moderation.Judge("""{"regex": ["12", "45"], "actions": {"type": "mask"}}""", Moderation.Single("12345", Editability.WholeValue));
        Assert.That(verdict.Edits.Select(e => e.Span), Is.EqualTo(new[] { new TextSpan(0, 5) }));
    }

    [TestCase("bo", "mb", new[] { "bo", "mb" })]
    [TestCase("how to build", "a bomb now", new[] { "build", "a bomb" })]
    [TestCase("how to build a", " bomb now", new[] { "build a", " bomb" })]
    [TestCase("x 123", "456 y", new[] { "123", "456" })]
    public void Evaluate_HitAcrossParts_IsFoundAndMappedToEachPart(string first, string second, string[] expected)
    {
        const string rules = """{"keywords": ["bomb", "build a bomb"], "regex": ["[0-9]{6}"], "actions": {"type": "flag"}}""";
        var content = Moderation.Joined(first, second);
        var verdict = Moderation.Judge(rules, content);
        Assert.That(Moderation.Texts(verdict, content), Is.SupersetOf(expected));
        var masked = Moderation.Judge(rules.Replace("flag", "mask", StringComparison.Ordinal), content);
        Assert.That(masked.Edits.Select(e => e.Segment).Distinct(), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void Evaluate_HitAcrossThreeParts_ThatIncludeAnEmptyOne()
    {
        var content = Moderation.Joined("say b", "", "om", "b!");
        var verdict = Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "mask"}}""", content);
        Assert.That(Moderation.Apply(verdict, content), Is.EqualTo(new[] { "say <>", "", "<>", "<>!" }));
    }

    [Test]
    public void Evaluate_SeveralRules_ReportsInDocumentOrderThenRuleOrder()
    {
        var content = Moderation.Joined("gun bomb", "machine gun 42");
        var verdict =
            Moderation.Judge("""{"keywords": ["machine gun", "bomb", "gun"], "regex": ["4.", "gun"], "actions": {"type": "flag"}}""", content);
        Assert.That(verdict.Findings.Select(f => $"{f.Segment}:{f.Span.Start} {f.Rule}"), Is.EqualTo(new[]
        {
            "0:0 keywords[2]", "0:0 regex[1]", "0:4 keywords[1]", "1:0 keywords[0]", "1:8 keywords[2]", "1:8 regex[1]", "1:12 regex[0]",
        }));
    }

    [Test]
    public void Evaluate_SimilarWord_TellsTheConfidence()
    {
        Assert.That(Moderation.Judge("""{"keywords": ["explosives"]}""", "explosivez").Findings.Single().Confidence, Is.EqualTo(0.9).Within(1e-9));
    }

    [Test]
    public void Evaluate_ManyHits_ReportsABoundedNumberUnlessAllAreEdited()
    {
        var text = string.Concat(Enumerable.Repeat("bomb ", 2000));
        Assert.That(Moderation.Judge("""{"keywords": ["bomb"]}""", text).Findings, Has.Count.EqualTo(1000));
        Assert.That(Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "mask"}}""", text).Edits, Has.Count.EqualTo(2000));
    }

    [Test]
    public void Evaluate_EmptyAndBinarySegments_AreAllowed()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("", new SegmentInfo());
        builder.AddBinary(UninspectedKind.Image, "bomb"u8.ToArray(), "image/png", null, new SegmentInfo());
        Assert.That(Moderation.Judge("""{"keywords": ["bomb"]}""", builder.Build()).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [Test]
    public void Evaluate_CancelledCall_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText("x", SegmentRole.User));
        Assert.That(async () => await Moderation.Evaluator("""{"keywords": ["bomb"]}""").EvaluateAsync(call, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Evaluate_PatternThatExplodesElsewhere_IsJudged() => Assert.That(
        Moderation.Judge("""{"regex": ["(a+)+$"]}""", new string('a', 5000) + "!").Outcome, Is.EqualTo(VerdictOutcome.Allow));

    [TestCase("a", Description = "the text as written")]
    [TestCase("ａ", Description = "the folded text")]
    public void Evaluate_PatternBeyondItsSteps_IsAnInputFailure(string letter) => AssertFails(
        Moderation.Judge("""{"regex": ["a(?:.*b)?"], "actions": {"type": "flag"}}""", string.Concat(Enumerable.Repeat(letter, 50_000))),
            FailureReasons.PatternBound);

    [Test]
    public void Evaluate_LongMatch_IsOneFindingAndMaskedWhole()
    {
        var content = GuardrailContent.FromText("say <<" + new string('-', 20_000) + ">> now", SegmentRole.User);
        var verdict = Moderation.Judge("""{"regex": ["<<-+"], "actions": {"type": "mask"}}""", content);
        Assert.That(Moderation.Apply(verdict, content), Is.EqualTo(new[] { "say <>>> now" }));
        Assert.That(verdict.Findings, Has.Count.EqualTo(1));
    }

    [Test]
    public void Evaluate_MatchThatIsLongInDoubt_IsMaskedAsFarAsAStreamCouldHoldIt()
    {
        var content = GuardrailContent.FromText("say <<" + new string('-', 20_000) + ">> now", SegmentRole.User);
        var verdict = Moderation.Judge("""{"regex": ["(?s)<<.*?>>"], "actions": {"type": "mask"}}""", content);
        var span = verdict.Findings.Single().Span;
        Assert.That((span.End, span.Length), Is.EqualTo((20_008, 4096)));
    }

    [Test]
    public void Evaluate_AfterABoundWasHit_JudgesTheNextTextAsUsual()
    {
        var evaluator = Moderation.Evaluator("""{"regex": ["a(?:.*b)?", "end"]}""");
        AssertFails(Run(new string('a', 50_000)), FailureReasons.PatternBound);
        Assert.That(Run("the end").Findings.Select(f => (f.Rule, f.Span)), Is.EqualTo(new[] { ("regex[1]", new TextSpan(4, 3)) }));
        Assert.That(Run("none").Outcome, Is.EqualTo(VerdictOutcome.Allow));

        GuardrailVerdict Run(string text)
        {
            var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User));
            return evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
    }

    [TestCase("\u200B")]
    [TestCase("\u0301")]
    [TestCase("\U000E0020")]
    public void Evaluate_LongRunOfInvisibleCharacters_IsAnInputFailure(string invisible) => AssertFails(
        Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "flag"}}""", "a" + string.Concat(Enumerable.Repeat(invisible, 31))),
            FailureReasons.Undecodable);

    [Test]
    public void Evaluate_AnyOutcome_QuotesNeitherTextNorRule()
    {
        foreach (var type in new[] { "block", "mask", "flag" })
        {
            var verdict = Moderation.Judge(
                $$"""{"keywords": ["marker-keyword"], "regex": ["marker.+"], "actions": {"type": "{{type}}" } }""", "a marker-keyword here");
            var written =
                string.Join(' ', verdict, verdict.Refusal, verdict.Failure, string.Join(' ', verdict.Findings), string.Join(' ', verdict.Edits));
            Assert.That(written, Does.Not.Contain("marker"));
        }
    }

    private static void AssertFails(GuardrailVerdict verdict, string reason) =>
        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, reason)));
}
