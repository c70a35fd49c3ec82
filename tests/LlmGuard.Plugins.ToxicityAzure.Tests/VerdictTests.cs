using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class VerdictTests
{
    private const string Eight = "\"output_type\": \"EightSeverityLevels\"";

    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    [TestCase("Hate", "hate")]
    [TestCase("SelfHarm", "self_harm")]
    [TestCase("Sexual", "sexual")]
    [TestCase("Violence", "violence")]
    public async Task Judge_HarmfulText_Blocks(string category, string code)
    {
        await using var judged = await Judged.StartAsync();

        var verdict =
            await judged.JudgeAsync("about " + FakeAzureContentSafety.TriggerOf(category), """ "actions": { "message": "100%: %s, %d {0}." } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single(),
            Is.EqualTo(new GuardrailFinding(code, "toxicity", 0, new TextSpan(0, 13 + category.Length), 1, FindingSeverity.Medium)));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo($"100%: {category}, %d {{0}}."));
        Assert.That(verdict.Refusal.Reason, Is.EqualTo(code));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_CleanText_AllowsAndSendsWhatItMust()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync("What is \"the\" <capital> of 😀?"), Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.RawTarget, Is.EqualTo("/contentsafety/text:analyze?api-version=2024-09-01"));
        Assert.That(
            request.Text,
            Is.EqualTo("""{"text":"What is \"the\" <capital> of 😀?","categories":["Hate","SelfHarm","Sexual","Violence"],"outputType":"FourSeverityLevels"}""")
                .Or.Contain("\\uD83D\\uDE00"));
        Assert.That(request.Header("Ocp-Apim-Subscription-Key"), Is.EqualTo(FakeAzureContentSafety.Key));
        Assert.That(request.Headers.Keys, Has.None.EqualTo("traceparent").And.None.EqualTo("Authorization").And.None.EqualTo("x-ms-client-request-id")
            .And.None.EqualTo("User-Agent"));
    }

    public static IEnumerable<TestCaseData> Severities()
    {
        foreach (var threshold in new[] { 2, 4, 6 })
        {
            for (var severity = 0; severity <= 7; severity++)
            {
                yield return new TestCaseData("\"output_type\": \"FourSeverityLevels\"", threshold, severity, (severity & ~1) >= threshold);
            }
        }

        for (var threshold = 1; threshold <= 7; threshold++)
        {
            for (var severity = 0; severity <= 7; severity++)
            {
                yield return new TestCaseData(Eight, threshold, severity, severity >= threshold);
            }
        }
    }

    [Test]
    public async Task Judge_SeverityAndThreshold_AreComparedAtLeast()
    {
        await using var judged = await Judged.StartAsync();
        foreach (var (scale, threshold, severity, blocks) in Severities()
            .Select(c => ((string)c.Arguments[0]!, (int)c.Arguments[1]!, (int)c.Arguments[2]!, (bool)c.Arguments[3]!)))
        {
            var verdict = await judged.JudgeAsync(
                FakeAzureContentSafety.TriggerOf("Sexual", severity), $$""" {{scale}}, "category_severity": { "Sexual": {{threshold}} } """);
            Assert.That(verdict.Outcome, Is.EqualTo(blocks ? VerdictOutcome.Block : VerdictOutcome.Allow), $"{scale} {threshold} {severity}");
            Assert.That(verdict.Failure, Is.Null);
        }

        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_CategoriesWithoutASeverity_CountFromTwo()
    {
        await using var judged = await Judged.StartAsync();
        const string settings = Eight + """, "category_severity": { "Hate": 6 } """;

        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Violence", 2), settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Violence", 1), settings)).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Hate", 5), settings)).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [Test]
    public async Task Judge_ListOfCategories_AsksForNoOthers()
    {
        await using var judged = await Judged.StartAsync();
        const string settings = """ "categories": ["Sexual", "Hate"] """;

        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Violence"), settings)).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Sexual"), settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.All.Contains("\"categories\":[\"Hate\",\"Sexual\"]"));
    }

    [Test]
    public async Task Judge_SeveralCategories_AllAreNamed()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(
            FakeAzureContentSafety.TriggerOf("Violence", 6) + " " + FakeAzureContentSafety.TriggerOf("Hate", 2),
            """ "actions": { "message": "%s" } """);

        Assert.That(verdict.Refusal!.Message, Is.EqualTo("Hate, Violence"));
        Assert.That(verdict.Findings.Select(f => (f.Rule, f.Severity)),
            Is.EqualTo(new[] { ("hate", FindingSeverity.Low), ("violence", FindingSeverity.High) }));
    }

    [Test]
    public async Task Judge_Flag_RecordsAndPasses()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Hate"), """ "actions": { "type": "flag" } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("hate"));
    }

    [Test]
    public async Task Judge_TextSplitOverPartsOfAMessage_IsReadAsOne()
    {
        await using var judged = await Judged.StartAsync();
        var trigger = FakeAzureContentSafety.TriggerOf("Violence");
        var builder = new GuardrailContentBuilder();
        builder.AddText(trigger[..7], new SegmentInfo { Join = 0 });
        builder.AddText(trigger[7..], new SegmentInfo { Join = 0 });

        Assert.That((await judged.JudgeAsync(builder.Build())).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_NothingButWhiteSpace_AsksNothing()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync(" \n\t"), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(await judged.JudgeAsync(GuardrailContent.Empty), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    [TestCase("{\"category\":\"Hate\",\"severity\":0},", "", TestName = "a category is missing")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0}", "{\"category\":\"Hate\"}", TestName = "a severity is missing")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0}", "{\"category\":\"Hate\",\"severity\":null}", TestName = "a severity is null")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0}", "{\"category\":\"Hate\",\"severity\":\"0\"}", TestName = "a severity is a string")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0}", "{\"category\":\"Hate\",\"severity\":0.5}", TestName = "a severity is no whole number")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0}", "{\"category\":\"Hate\",\"severity\":-2}", TestName = "a severity is negative")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0}", "{\"category\":\"Hate\",\"severity\":1}", TestName = "a severity between the levels")]
    [TestCase("{\"category\":\"Hate\",", "{\"category\":\"hate\",", TestName = "a category in another case")]
    [TestCase("{\"category\":\"Hate\",", "{\"category\":1,", TestName = "a category is a number")]
    [TestCase("\"categoriesAnalysis\":[", "\"categoriesAnalysis\":[{\"category\":\"Treason\",\"severity\":0},", TestName = "a category nobody knows")]
    [TestCase("\"categoriesAnalysis\":[", "\"categoriesAnalysis\":[null,", TestName = "a null among the categories")]
    [TestCase("\"categoriesAnalysis\":", "\"categories\":", TestName = "the categories under another name")]
    [TestCase("\"blocklistsMatch\":[]", "\"blocklistsMatch\":{}", TestName = "the blocklists are an object")]
    public async Task Judge_AnswerThatIsNotWhole_IsIncomplete(string from, string to)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => body.Contains(from, StringComparison.Ordinal)
            ? body.Replace(from, to, StringComparison.Ordinal) : throw new InvalidOperationException(body)));

        Assert.That((await judged.JudgeAsync("text")).Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("\"severity\":4", "\"severity\":5", TestName = "a harmful severity between the levels blocks")]
    [TestCase("\"severity\":4", "\"severity\":99", TestName = "a harmful severity beyond the levels blocks")]
    [TestCase("\"categoriesAnalysis\":[", "\"categoriesAnalysis\":[{\"category\":\"Treason\",\"severity\":0},",
        TestName = "a harmful category beside an unknown one blocks")]
    [TestCase("{\"category\":\"Hate\",\"severity\":0},", "", TestName = "a harmful category beside a missing one blocks")]
    public async Task Judge_HarmInAnAnswerThatIsNotWhole_BlocksAndIsNotFlagged(string from, string to)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(body => body.Contains(from, StringComparison.Ordinal)
            ? body.Replace(from, to, StringComparison.Ordinal) : throw new InvalidOperationException(body));
        var text = FakeAzureContentSafety.TriggerOf("Violence");

        Assert.That((await judged.JudgeAsync(text)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That((await judged.JudgeAsync(text, """ "actions": { "type": "flag" } """)).Failure, Is.EqualTo(Incomplete));
    }

    [Test]
    public async Task Judge_KnownCategoryNobodyAskedFor_IsOutOfScope()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(static body =>
            body.Replace("\"categoriesAnalysis\":[", "\"categoriesAnalysis\":[{\"category\":\"Violence\",\"severity\":6},",
            StringComparison.Ordinal)));

        Assert.That(await judged.JudgeAsync("text", """ "categories": ["Hate"] """), Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public async Task Judge_CategoryGivenTwice_TheGraverCounts()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(static body =>
            body.Replace("\"categoriesAnalysis\":[", "\"categoriesAnalysis\":[{\"category\":\"Hate\",\"severity\":6},", StringComparison.Ordinal)));

        Assert.That((await judged.JudgeAsync("text")).Refusal!.Reason, Is.EqualTo("hate"));
    }

    [Test]
    public async Task Judge_SeveralTexts_OneQuestionAndOneVerdict()
    {
        await using var judged = await Judged.StartAsync();
        var content = Judged.Texts(
            (SegmentRole.System, SegmentKind.Message, "be kind"),
            (SegmentRole.User, SegmentKind.Message, "hello"),
            (SegmentRole.Assistant, SegmentKind.Message, FakeAzureContentSafety.TriggerOf("SelfHarm")));

        var verdict = await judged.JudgeAsync(content);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Segment, Is.EqualTo(-1), "nobody knows which of them is meant");
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Judge_BlockBesideAFailure_Blocks([Values(0, 1)] int failing)
    {
        await using var judged = await Judged.StartAsync();
        var texts = Judged.Texts(
            (SegmentRole.User, SegmentKind.Message, new string('x', 9_990)),
            (SegmentRole.User, SegmentKind.Message, new string('y', 9_990)),
            (SegmentRole.User, SegmentKind.Message, FakeAzureContentSafety.TriggerOf("Hate")));
        judged.Fake.Faults.Always = new FailingFor(failing == 0 ? "xxx" : "yyy").Fault;

        Assert.That((await judged.JudgeAsync(texts)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    /// <summary>An answer is no JSON when it is about a clean text. Both clean questions fail; the harmful one does not.</summary>
    private sealed record FailingFor(string Text)
    {
        public Fault Fault => Fault.Changed(body => body.Contains("\"severity\":4", StringComparison.Ordinal) ? body : Text);
    }
}
