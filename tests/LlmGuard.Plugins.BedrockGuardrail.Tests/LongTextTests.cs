using System.Text.Json;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class LongTextTests
{
    private const string OneUnit = """ "max_text_units": 1 """;

    [TestCase(24_000, 1)]
    [TestCase(24_001, 2)]
    public async Task Judge_TextAroundTheLimit_IsCutWhenItMust(int length, int requests)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await judged.JudgeAsync(new string('a', length))).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(requests));
    }

    [TestCase(1000, 1)]
    [TestCase(1001, 2)]
    public async Task Judge_TextUnits_AreTheLimit(int length, int requests)
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(new string('a', length), OneUnit);

        Assert.That(judged.Fake.RequestCount, Is.EqualTo(requests));
    }

    [Test]
    public async Task Judge_EmojiAtTheBoundary_IsNotCut()
    {
        await using var judged = await Judged.StartAsync();
        for (var pad = 990; pad < 1000; pad++)
        {
            await judged.JudgeAsync(new string('a', pad) + "😀😀 end", OneUnit);
        }

        Assert.That(judged.Fake.Requests.SelectMany(TextsOf), Has.All.Matches<string>(t => !t.Contains('\uFFFD')));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_TriggerAcrossEveryBoundary_IsSeenWhole()
    {
        await using var judged = await Judged.StartAsync();
        for (var at = 970; at <= 1010; at += 4)
        {
            var verdict = await judged.JudgeAsync(new string('a', at) + "FAKE-VIOLENCE" + new string('b', 900), OneUnit);

            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block), $"{at}");
        }
    }

    [Test]
    public async Task Judge_HundredKilobytes_AreJudgedToTheEnd()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 100; i++)
        {
            builder.AddText(
                new string((char)('a' + (i % 26)), 1000) + " ", new SegmentInfo { Role = i % 2 == 0 ? SegmentRole.User : SegmentRole.Assistant });
        }

        Assert.That((await judged.JudgeAsync(builder.Build())).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(5));
        Assert.That(judged.Fake.MostConcurrent, Is.LessThanOrEqualTo(4));

        builder.AddText("FAKE-HATE", new SegmentInfo { Role = SegmentRole.User });
        Assert.That((await judged.JudgeAsync(builder.Build())).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_MoreThanFitsTheTime_IsRefusedBeforeTheFirstQuestion()
    {
        await using var judged = await Judged.StartAsync();
        var call = new GuardrailCall(GuardrailStage.PreRequest,
            GuardrailContent.FromText(new string('a', 1_000_000), SegmentRole.User)) { Timeout = TimeSpan.FromSeconds(5) };

        Assert.That((await judged.Create().EvaluateAsync(call, default)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded)));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    [Test]
    public async Task Judge_NothingButWhiteSpace_AsksNothing()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync(" \n\t\u00a0"), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    private static IEnumerable<string> TextsOf(LlmGuard.FakeClouds.Hosting.FakeRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return [.. document.RootElement.GetProperty("content").EnumerateArray().Select(b => b.GetProperty("text").GetProperty("text").GetString()!)];
    }
}
