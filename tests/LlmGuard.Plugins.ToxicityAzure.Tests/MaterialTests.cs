using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class MaterialTests
{
    private const string Material = """ "checks": ["protected_material"], "actions": { "message": "%s" } """;

    private static readonly string Song = new string('l', 110 - FakeAzureContentSafety.Lyrics.Length) + FakeAzureContentSafety.Lyrics;

    [Test]
    public async Task Judge_KnownTextInAnAnswer_Blocks()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Answer(Song), Material, GuardrailStage.PreResponse);

        Assert.That(verdict.Refusal!.Reason, Is.EqualTo("protected_material"));
        Assert.That(verdict.Refusal.Message, Is.EqualTo("protected material"));
        Assert.That(judged.Fake.Requests.Single().RawTarget, Is.EqualTo("/contentsafety/text:detectProtectedMaterial?api-version=2024-09-01"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase(GuardrailStage.PreRequest)]
    [TestCase(GuardrailStage.PostRequest)]
    public async Task Judge_KnownTextInARequest_IsNotAskedAbout(GuardrailStage stage)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync(Answer(Song), Material, stage), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    [TestCase(109, 0)]
    [TestCase(110, 1)]
    public async Task Judge_TextAroundTheShortestLength_CountsCodePoints(int length, int questions)
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(Answer(string.Concat(Enumerable.Repeat("😀", length))), Material, GuardrailStage.PreResponse);

        Assert.That(judged.Fake.RequestCount, Is.EqualTo(questions));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("{}")]
    [TestCase("""{"protectedMaterialAnalysis":{}}""")]
    [TestCase("""{"protectedMaterialAnalysis":{"detected":0}}""")]
    [TestCase("""{"protectedMaterialAnalysis":null}""")]
    public async Task Judge_AnswerThatIsNotWhole_IsIncomplete(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        Assert.That(
            (await judged.JudgeAsync(Answer(Song), Material, GuardrailStage.PreResponse)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    [Test]
    public async Task Judge_HarmAndMaterial_BothAreAsked()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Answer(Song), """ "checks": ["text", "protected_material"] """, GuardrailStage.PreResponse);

        Assert.That(verdict.Refusal!.Reason, Is.EqualTo("protected_material"));
        Assert.That((judged.Asked("text:analyze").Count, judged.Asked("text:detectProtectedMaterial").Count), Is.EqualTo((1, 1)));
    }

    private static GuardrailContent Answer(string text) => Judged.Texts((SegmentRole.Assistant, SegmentKind.Message, text));
}
