using LlmGuard.FakeClouds.OpenAI;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

public sealed class LongTextTests
{
    private static readonly string Trigger = FakeOpenAIModerations.TriggerOf("self-harm/instructions");

    [TestCase(ModerationWindow - 1, 1)]
    [TestCase(ModerationWindow, 1)]
    [TestCase(ModerationWindow + 1, 2)]
    public async Task Judge_TextAroundTheWindow_IsCutOnlyWhenLonger(int length, int windows)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync(new string('x', length)), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(Inputs(judged), Is.EqualTo(windows));
    }

    [Test]
    public async Task Judge_TriggerAcrossEveryPlaceOfTheCut_IsSeen()
    {
        await using var judged = await Judged.StartAsync();
        for (var start = ModerationWindow - Trigger.Length - 2; start < ModerationWindow + 3; start++)
        {
            var verdict = await judged.JudgeAsync(new string('x', start) + Trigger + new string('.', 3000));
            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block), $"at {start}");
        }
    }

    [Test]
    public async Task Judge_EmojiAtTheBoundary_IsNotTorn()
    {
        await using var judged = await Judged.StartAsync();

        for (var padding = ModerationWindow - 5; padding < ModerationWindow; padding++)
        {
            Assert.That(await judged.JudgeAsync(new string('x', padding) + "😀👩‍👩‍👧 and more"), Is.SameAs(GuardrailVerdict.Allow));
        }

        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.None.Contains("\uFFFD").And.None.Contains("\\uFFFD"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_ConversationOf100Kilobytes_PassesWhenCleanAndIsBlockedForItsTail()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 200; i++)
        {
            builder.AddText($"turn {i}: " + new string('y', 500),
                new SegmentInfo { Role = i % 2 == 0 ? SegmentRole.User : SegmentRole.Assistant, Kind = SegmentKind.Message });
        }

        var clean = await judged.JudgeAsync(builder.Build());
        builder.AddText(new string('z', 30_000) + " " + Trigger, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        var harmful = await judged.JudgeAsync(builder.Build());

        Assert.That(clean, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(harmful.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(harmful.Findings.Single().Segment, Is.EqualTo(200));
    }

    [Test]
    public async Task Judge_MoreThanFits_IsRefusedWithoutAsking()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(new string('x', 8 * 1024 * 1024) + Trigger);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded)));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    private const int ModerationWindow = 8 * 1024;

    private static int Inputs(Judged judged) => judged.Fake.Requests.Sum(r =>
        r.Json()!.Value.GetProperty("input") is { ValueKind: System.Text.Json.JsonValueKind.Array } array ? array.GetArrayLength() : 1);
}
