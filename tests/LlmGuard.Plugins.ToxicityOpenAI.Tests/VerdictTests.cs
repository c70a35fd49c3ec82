using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.OpenAI;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

public sealed class VerdictTests
{
    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    public static IEnumerable<string> Categories =>
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/intent",
        "self-harm/instructions", "sexual", "sexual/minors", "violence", "violence/graphic",
    ];

    [TestCaseSource(nameof(Categories))]
    public async Task Judge_FlaggedCategory_Blocks(string category)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("about " + FakeOpenAIModerations.TriggerOf(category), """ "actions": { "message": "No: %s." } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo(category));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo($"No: {category}."));
        Assert.That(verdict.Refusal.Reason, Is.EqualTo(category.Replace('/', '.').Replace('-', '_')));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_CleanText_Allows()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync("What is the capital of France?"), Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.Text, Is.EqualTo("""{"model":"omni-moderation-latest","input":"What is the capital of France?"}"""));
        Assert.That(request.Header("Authorization"), Is.EqualTo("Bearer " + FakeOpenAIModerations.Key));
        Assert.That(request.Headers.Keys, Has.None.StartsWith("X-Stainless").And.None.EqualTo("traceparent"));
    }

    [TestCase(FakeOpenAIModerations.High, VerdictOutcome.Block)]
    [TestCase(0.9971134662628175, VerdictOutcome.Allow)]
    [TestCase(0.9971134662628173, VerdictOutcome.Block)]
    public async Task Judge_ScoreAndThreshold_AreComparedAtLeast(double threshold, VerdictOutcome expected)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(
            FakeOpenAIModerations.TriggerOf("hate"),
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $$""" "thresholds": { "hate": {{threshold:R}} } """));

        Assert.That(verdict.Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task Judge_ThresholdsOnly_WhatTheModelFlagsElsewherePasses()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await judged.JudgeAsync(FakeOpenAIModerations.TriggerOf("sexual"), """ "thresholds": { "hate": 0.5 } """)).Outcome,
            Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(
            (await judged.JudgeAsync(FakeOpenAIModerations.TriggerOf("sexual"),
                """ "thresholds": { "hate": 0.5 }, "block_on_flagged": true """)).Outcome,
            Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_ListOfCategories_LeavesTheOthersOut()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await judged.JudgeAsync(FakeOpenAIModerations.TriggerOf("sexual"), """ "categories": ["hate"] """)).Outcome,
            Is.EqualTo(VerdictOutcome.Allow));
        Assert.That((await judged.JudgeAsync(FakeOpenAIModerations.TriggerOf("hate"), """ "categories": ["hate"] """)).Outcome,
            Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_Flag_RecordsAndPasses()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(FakeOpenAIModerations.TriggerOf("hate"), """ "actions": { "type": "flag" } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(verdict.Findings.Single().Confidence, Is.EqualTo(FakeOpenAIModerations.High));
    }

    [Test]
    public async Task Judge_SecondOfSeveralTexts_IsReadToo()
    {
        await using var judged = await Judged.StartAsync();
        var content = Texts("fine", "also fine", FakeOpenAIModerations.TriggerOf("violence"), "fine again");

        var verdict = await judged.JudgeAsync(content);

        Assert.That(verdict.Findings.Single().Segment, Is.EqualTo(2));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1), "one request for all of them");
    }

    [Test]
    public async Task Judge_TextSplitOverPartsOfAMessage_IsReadAsOne()
    {
        await using var judged = await Judged.StartAsync();
        var trigger = FakeOpenAIModerations.TriggerOf("violence");
        var builder = new GuardrailContentBuilder();
        builder.AddText(trigger[..7], new SegmentInfo { Join = 0 });
        builder.AddText(trigger[7..], new SegmentInfo { Join = 0 });

        Assert.That((await judged.JudgeAsync(builder.Build())).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase("illicit", "omni-moderation-latest", true)]
    [TestCase("illicit", "text-moderation-latest", false)]
    [TestCase("hate", "text-moderation-latest", true)]
    public async Task Judge_ThresholdOfACategoryTheModelLacks_IsIncomplete(string category, string model, bool complete)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("text", $$""" "model": "{{model}}", "thresholds": { "{{category}}": 0.5 } """);

        Assert.That(verdict.Failure, Is.EqualTo(complete ? null : Incomplete));
    }

    [Test]
    public async Task Judge_ModelThatDoesNotExist_IsConfiguration()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("text", """ "model": "gpt-9" """);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.ConfigInvalid)));
    }

    [TestCase(400, "model", null, true)]
    [TestCase(400, "input", null, false)]
    [TestCase(429, null, "insufficient_quota", true)]
    [TestCase(429, null, "rate_limit_exceeded", false)]
    public async Task Judge_ErrorObject_TellsConfigurationFromContent(int status, string? param, string? code, bool isConfiguration)
    {
        await using var judged = await Judged.StartAsync();
        var error =
            System.Text.Json.JsonSerializer.Serialize(new { error = new { message = "vendor words", type = "invalid_request_error", param, code } });
        judged.Fake.Faults.Then(Fault.Instead(status, error));

        var verdict = await judged.JudgeAsync("text");

        Assert.That(verdict.Failure!.Reason == FailureReasons.ConfigInvalid, Is.EqualTo(isConfiguration));
        Assert.That(verdict.Failure.Class, Is.EqualTo(status == 400 && !isConfiguration ? FailureClass.Input : FailureClass.Availability));
    }

    [TestCase("\"violence\":false", "\"violence\":\"no\"")]
    [TestCase("\"violence\":false,", "")]
    [TestCase("\"violence\":0.000011726012417057063", "\"violence\":1.5")]
    [TestCase("\"violence\":0.000011726012417057063", "\"violence\":-0.1")]
    [TestCase("\"violence\":0.000011726012417057063", "\"violence\":null")]
    [TestCase("\"violence\":0.000011726012417057063,", "")]
    [TestCase("\"categories\":{", "\"categories\":{\"treason\":false,")]
    [TestCase("\"category_scores\":{", "\"category_scores\":{\"treason\":0.9,")]
    [TestCase("\"category_scores\":{", "\"category_scores\":{\"\\ud800\":0.9,")]
    [TestCase("\"results\":[", "\"results\":[{},")]
    [TestCase("\"results\":[", "\"results\":[null,")]
    public async Task Judge_AnswerThatIsNotWhole_IsIncomplete(string from, string to)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => body.Contains(from, StringComparison.Ordinal)
            ? body.Replace(from, to, StringComparison.Ordinal) : "not found in " + body));

        Assert.That((await judged.JudgeAsync("text")).Failure, Is.EqualTo(Incomplete));
    }

    [Test]
    public async Task Judge_UnknownCategoryBesideAFlaggedOne_Blocks()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(
            Fault.Changed(static body => body.Replace("\"categories\":{", "\"categories\":{\"treason\":true,", StringComparison.Ordinal)));

        Assert.That((await judged.JudgeAsync("text")).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_UnknownCategoryOutsideTheList_IsOutOfScope()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(
            Fault.Changed(static body => body.Replace("\"category_scores\":{", "\"category_scores\":{\"treason\":0.9,", StringComparison.Ordinal)));

        Assert.That(await judged.JudgeAsync("text", """ "categories": ["hate"] """), Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public async Task Judge_FlaggedWithoutACategory_Blocks()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(static body => body.Replace("\"flagged\":false", "\"flagged\":true", StringComparison.Ordinal)));

        Assert.That((await judged.JudgeAsync("text")).Refusal!.Reason, Is.EqualTo("flagged"));
    }

    [Test]
    public async Task Judge_FewerResultsThanTexts_IsIncomplete()
    {
        await using var judged = await Judged.StartAsync();
        var one = "";
        judged.Fake.Faults.Then(Fault.Changed(body => one = body), Fault.Changed(_ => one));
        await judged.JudgeAsync("text");

        Assert.That((await judged.JudgeAsync(Texts("one", "two"))).Failure, Is.EqualTo(Incomplete));
    }

    [Test]
    public async Task Judge_Proxy_GetsItsHeaderAndVersion()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync("text", """ "key_header": "api-key", "api_version": "2024-10-21" """);

        var request = judged.Fake.Requests.Single();
        Assert.That(request.RawTarget, Is.EqualTo("/v1/moderations?api-version=2024-10-21"));
        Assert.That(request.Header("api-key"), Is.EqualTo(FakeOpenAIModerations.Key));
        Assert.That(request.Header("Authorization"), Is.Null);
    }

    private static GuardrailContent Texts(params string[] texts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var text in texts)
        {
            builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        return builder.Build();
    }
}
