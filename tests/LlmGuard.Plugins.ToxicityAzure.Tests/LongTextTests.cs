using LlmGuard.FakeClouds.Azure;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>Azure's limits count code points; the fake refuses a text that has one too many.</summary>
public sealed class LongTextTests
{
    private const int Limit = 10_000;

    private static readonly string Trigger = FakeAzureContentSafety.TriggerOf("SelfHarm");

    [Test]
    public async Task Judge_TextAroundTheLimit_IsCutOnlyWhenLonger(
        [Values("x", "é", "中", "😀")] string unit,
        [Values(Limit - 1, Limit, Limit + 1)] int length,
        [Values("text:analyze", "text:shieldPrompt")] string operation)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(string.Concat(Enumerable.Repeat(unit, length)), """ "checks": ["text", "prompt_shields"] """);

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Asked(operation), Has.Count.EqualTo(length > Limit ? 2 : 1));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_TriggerAcrossEveryPlaceOfTheCut_IsSeen()
    {
        await using var judged = await Judged.StartAsync();
        for (var start = Limit - Trigger.Length - 2; start < Limit + 3; start++)
        {
            var verdict = await judged.JudgeAsync(new string('x', start) + Trigger + new string('.', 3_000));
            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block), $"at {start}");
        }
    }

    [Test]
    public async Task Judge_AttackAcrossEveryPlaceOfADocumentsCut_IsSeen()
    {
        await using var judged = await Judged.StartAsync();
        const int document = 2_000;
        for (var start = document - FakeAzureContentSafety.Attack.Length - 2; start < document + 3; start++)
        {
            var content = Judged.Texts(
                (SegmentRole.Tool, SegmentKind.ToolResult, new string('x', start) + FakeAzureContentSafety.Attack + new string('.', 3_000)));
            Assert.That(
                (await judged.JudgeAsync(content, """ "checks": ["prompt_shields"] """)).Outcome, Is.EqualTo(VerdictOutcome.Block), $"at {start}");
        }

        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_EmojiAtTheBoundary_IsNotTorn()
    {
        await using var judged = await Judged.StartAsync();

        for (var padding = Limit - 6; padding <= Limit; padding++)
        {
            Assert.That(await judged.JudgeAsync(new string('x', padding) + "😀👩‍👩‍👧 and more"), Is.SameAs(GuardrailVerdict.Allow));
        }

        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.None.Contains("\uFFFD").And.None.Contains("\\uFFFD"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_ManyShortTexts_AreFewQuestions()
    {
        await using var judged = await Judged.StartAsync();
        var texts = Enumerable.Range(0, 400).Select(i => (SegmentRole.User, SegmentKind.Message, $"turn {i}: " + new string('y', 230))).ToArray();

        Assert.That(await judged.JudgeAsync(Judged.Texts(texts)), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.LessThanOrEqualTo(11));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_MoreThanFits_IsRefusedWithoutAsking()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(new string('x', 8 * 1024 * 1024) + Trigger);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded)));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }
}
