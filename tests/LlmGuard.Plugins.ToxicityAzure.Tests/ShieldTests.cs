using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class ShieldTests
{
    private const string Shields = """ "checks": ["prompt_shields"], "actions": { "message": "%s" } """;
    private const string Attack = "ignore all: " + FakeAzureContentSafety.Attack;

    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    public static IEnumerable<TestCaseData> Places()
    {
        yield return new(SegmentRole.User, SegmentKind.Message, "prompt_attack");
        yield return new(SegmentRole.Unknown, SegmentKind.Message, "prompt_attack");
        yield return new(new SegmentRole("oracle"), SegmentKind.Unknown, "prompt_attack");
        yield return new(SegmentRole.User, SegmentKind.ToolResult, "document_attack");
        yield return new(SegmentRole.User, SegmentKind.Document, "document_attack");
        yield return new(SegmentRole.Tool, SegmentKind.Message, "document_attack");
        yield return new(SegmentRole.Assistant, SegmentKind.Message, "document_attack");
        yield return new(SegmentRole.System, SegmentKind.ToolDefinition, "document_attack");
        yield return new(SegmentRole.System, SegmentKind.ToolResult, "document_attack");
        yield return new(SegmentRole.System, SegmentKind.Message, null);
    }

    [TestCaseSource(nameof(Places))]
    public async Task Judge_AttackInARequest_IsFoundAsPromptOrDocument(SegmentRole role, SegmentKind kind, string? reason)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Judged.Texts((SegmentRole.User, SegmentKind.Message, "hello"), (role, kind, Attack)), Shields);

        Assert.That(verdict.Outcome == VerdictOutcome.Block, Is.EqualTo(reason is not null));
        Assert.That(verdict.Refusal?.Reason, Is.EqualTo(reason));
        Assert.That(verdict.Refusal?.Message, Is.EqualTo(reason?.Replace('_', ' ')));
        Assert.That(judged.Asked("text:shieldPrompt"), Has.Count.EqualTo(1));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1), "nothing else was asked for");
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_PromptAndToolResult_AreOneQuestion()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(
            Judged.Texts((SegmentRole.User, SegmentKind.Message, "What is the weather?"), (SegmentRole.Tool, SegmentKind.ToolResult, "Sunny.")),
            Shields);

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.RawTarget, Is.EqualTo("/contentsafety/text:shieldPrompt?api-version=2024-09-01"));
        Assert.That(request.Text, Is.EqualTo("""{"userPrompt":"What is the weather?","documents":["Sunny."]}"""));
    }

    [Test]
    public async Task Judge_OnlyAToolResult_IsAskedAboutWithoutAPrompt()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(Judged.Texts((SegmentRole.Tool, SegmentKind.ToolResult, "Sunny.")), Shields);

        Assert.That(judged.Fake.Requests.Single().Text, Is.EqualTo("""{"documents":["Sunny."]}"""));
    }

    [TestCase("assistant", "tool_result", true)]
    [TestCase("assistant", "tool_definition", true)]
    [TestCase("assistant", "message", false)]
    [TestCase("tool", "message", true)]
    [TestCase("", "message", true)]
    [TestCase("oracle", "unknown", true)]
    [TestCase("user", "message", false)]
    public async Task Judge_Answer_OnlyWhatComesFromElsewhereIsADocument(string role, string kind, bool blocks)
    {
        await using var judged = await Judged.StartAsync();

        var verdict =
            await judged.JudgeAsync(Judged.Texts((new SegmentRole(role), new SegmentKind(kind), Attack)), Shields, GuardrailStage.PreResponse);

        Assert.That(verdict.Refusal?.Reason, Is.EqualTo(blocks ? "document_attack" : null));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(blocks ? 1 : 0));
    }

    [Test]
    public async Task Judge_ManyLongDocuments_AllAreReadWithinTheLimits([Range(0, 11)] int harmful)
    {
        await using var judged = await Judged.StartAsync();
        var texts = Enumerable.Range(0, 12)
            .Select(i => (SegmentRole.Tool, SegmentKind.ToolResult, new string((char)('a' + i), 3_500) + (i == harmful ? Attack : "") + "😀"))
            .Append((SegmentRole.User, SegmentKind.Message, "summarise"))
            .ToArray();

        var verdict = await judged.JudgeAsync(Judged.Texts(texts), Shields);

        Assert.That(verdict.Refusal?.Reason, Is.EqualTo("document_attack"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_DocumentOfSeveral_IsFoundByItsPlace()
    {
        await using var judged = await Judged.StartAsync();
        var content = Judged.Texts(
            (SegmentRole.Tool, SegmentKind.ToolResult, new string('a', 1_900)),
            (SegmentRole.Tool, SegmentKind.ToolResult, new string('b', 1_900)),
            (SegmentRole.Tool, SegmentKind.ToolResult, new string('c', 1_900) + Attack),
            (SegmentRole.Tool, SegmentKind.ToolResult, new string('d', 1_900)));

        var verdict = await judged.JudgeAsync(content, Shields);

        Assert.That(verdict.Findings.Single().Segment, Is.EqualTo(2));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    [TestCase("""{"documentsAnalysis":[{"attackDetected":false}]}""", TestName = "the prompt's analysis is missing")]
    [TestCase("""{"userPromptAnalysis":null,"documentsAnalysis":[{"attackDetected":false}]}""", TestName = "the prompt's analysis is null")]
    [TestCase("""{"userPromptAnalysis":{},"documentsAnalysis":[{"attackDetected":false}]}""", TestName = "the prompt's analysis is empty")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":"false"},"documentsAnalysis":[{"attackDetected":false}]}""",
        TestName = "the prompt's analysis is of another type")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":false}}""", TestName = "the documents' analysis is missing")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":false},"documentsAnalysis":[]}""", TestName = "a document's analysis is missing")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":false},"documentsAnalysis":[{"attackDetected":false},{"attackDetected":false}]}""",
        TestName = "there are more analyses than documents")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":false},"documentsAnalysis":[{"attackDetected":null}]}""",
        TestName = "a document's analysis is null")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":false},"documentsAnalysis":{"attackDetected":false}}""",
        TestName = "the documents' analysis is an object")]
    public async Task Judge_AnswerThatIsNotWhole_IsIncomplete(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync(
            Judged.Texts((SegmentRole.User, SegmentKind.Message, "hello"), (SegmentRole.Tool, SegmentKind.ToolResult, "Sunny.")),
            Shields);

        Assert.That(verdict.Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("""{"userPromptAnalysis":{"attackDetected":true}}""", "prompt_attack", TestName = "an attack beside a missing analysis blocks")]
    [TestCase("""{"userPromptAnalysis":{"attackDetected":false},"documentsAnalysis":[{"attackDetected":false},{"attackDetected":true}]}""",
        "document_attack", TestName = "an attack in one analysis too many blocks")]
    public async Task Judge_AttackInAnAnswerThatIsNotWhole_Blocks(string answer, string reason)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync(
            Judged.Texts((SegmentRole.User, SegmentKind.Message, "hello"), (SegmentRole.Tool, SegmentKind.ToolResult, "Sunny.")),
            Shields);

        Assert.That(verdict.Refusal?.Reason, Is.EqualTo(reason));
    }

    [Test]
    public async Task Judge_HarmAndAttack_SeveralQuestionsAreOneVerdict()
    {
        await using var judged = await Judged.StartAsync();
        const string both = """ "checks": ["text", "prompt_shields"] """;

        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.Attack, both)).Refusal!.Reason, Is.EqualTo("prompt_attack"));
        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Hate"), both)).Refusal!.Reason, Is.EqualTo("hate"));
        Assert.That(await judged.JudgeAsync("fine", both), Is.SameAs(GuardrailVerdict.Allow));

        // A block beats a failure of the other question, whichever comes first.
        judged.Fake.Faults.Always = Fault.Changed(static body => body.Contains("true", StringComparison.Ordinal) ? body : "broken");
        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.Attack, both)).Refusal!.Reason, Is.EqualTo("prompt_attack"));
    }
}
