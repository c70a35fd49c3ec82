using System.Text;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class VerdictTests
{
    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    [Test]
    public async Task Judge_CleanText_AsksOnceAndAllows()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync("What is the capital of France?"), Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.Method, Is.EqualTo("POST"));
        Assert.That(request.RawTarget, Is.EqualTo($"/guardrail/{FakeBedrockRuntime.GuardrailId}/version/1/apply"));
        Assert.That(request.Text, Is.EqualTo("""{"source":"INPUT","content":[{"text":{"text":"What is the capital of France?"}}]}"""));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("FAKE-TOPIC", "topic.Investment advice", "topic", "a denied topic")]
    [TestCase("FAKE-INSULTS", "content.insults", "content.insults", "insults")]
    [TestCase("FAKE-HATE", "content.hate", "content.hate", "hate")]
    [TestCase("FAKE-SEXUAL", "content.sexual", "content.sexual", "sexual content")]
    [TestCase("FAKE-VIOLENCE", "content.violence", "content.violence", "violence")]
    [TestCase("FAKE-MISCONDUCT", "content.misconduct", "content.misconduct", "misconduct")]
    [TestCase("FAKE-PROMPT-ATTACK", "content.prompt_attack", "content.prompt_attack", "prompt attack")]
    [TestCase("FAKE-WORD", "word.custom", "word", "a word filter")]
    [TestCase("FAKE-PROFANITY", "word.profanity", "word.profanity", "profanity")]
    [TestCase("123-45-6789", "pii.us_social_security_number", "pii.us_social_security_number", "sensitive information")]
    public async Task Judge_WhatAPolicyBlocks_BlocksAndSaysWhy(string text, string rule, string code, string shown)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync($"about {text}.", """ "actions": { "message": "100% no: %s {0}" }, "pii_action": "anonymize" """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo(rule));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo($"100% no: {shown} {{0}}"));
        Assert.That(verdict.Refusal.Reason, Is.EqualTo(code));
        Assert.That(verdict.Refusal.ToString(), Does.Not.Contain(text).And.Not.Contain(FakeGuardrail.BlockedMessage));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_SeveralPolicies_AllAreRead()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("FAKE-HATE and FAKE-WORD and 123-45-6789 and FAKE-HATE");

        Assert.That(verdict.Findings.Select(f => f.Rule), Is.EquivalentTo(new[] { "content.hate", "word.custom", "pii.us_social_security_number" }));
    }

    [Test]
    public async Task Judge_Answer_IsAskedAsOutput()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("FAKE-SEXUAL", stage: GuardrailStage.PreResponse);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.Requests.Single().Text, Does.StartWith("""{"source":"OUTPUT","""));
    }

    [TestCase("FAKE-DETECTED", "content.hate")]
    [TestCase("FAKE-CLAIM", "reasoning.invalid")]
    public async Task Judge_WhatIsOnlyAdvice_IsFlagged(string text, string rule)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(text);

        Assert.That(verdict.Failure, Is.Null);
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo(rule));
    }

    [Test]
    public async Task Judge_CoverageBelowTotal_IsNotAPassButABlockStands()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await judged.JudgeAsync("some FAKE-UNGUARDED text")).Failure, Is.EqualTo(Incomplete));
        Assert.That((await judged.JudgeAsync("FAKE-UNGUARDED FAKE-HATE")).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase("\"action\":\"NONE\",\"outputs\"", "\"action\":\"GUARDRAIL_INTERVENED\",\"outputs\"", TestName = "intervened for no known reason")]
    [TestCase("\"action\":\"NONE\",\"outputs\"", "\"action\":\"REJECT\",\"outputs\"", TestName = "unknown action")]
    [TestCase("\"action\":\"NONE\",\"outputs\"", "\"action\":null,\"outputs\"", TestName = "null action")]
    [TestCase("\"outputs\":[]", "\"outputs\":{}", TestName = "outputs of another type")]
    [TestCase("\"outputs\":[],", "", TestName = "no outputs")]
    [TestCase("\"assessments\":[", "\"assessments\":[1,", TestName = "assessment of another type")]
    [TestCase("\"usage\":{\"topic", "\"used\":{\"topic", TestName = "no usage")]
    [TestCase("\"guarded\":4", "\"guarded\":3", TestName = "one character less")]
    [TestCase("\"guarded\":4,", "", TestName = "coverage without what was guarded")]
    [TestCase("\"guarded\":4", "\"guarded\":\"4\"", TestName = "coverage of another type")]
    public async Task Judge_AnswerWithoutAUsableVerdict_IsIncomplete(string old, string @new)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => Replaced(body, old, @new)));

        Assert.That((await judged.JudgeAsync("text")).Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("FAKE-DETECTED", "\"action\":\"NONE\",\"detected\":true", "\"action\":\"WARN\",\"detected\":true",
        TestName = "unknown action of a filter")]
    [TestCase("FAKE-DETECTED", "\"type\":\"HATE\"", "\"type\":\"SARCASM\"", TestName = "unknown filter")]
    [TestCase("FAKE-DETECTED", "\"confidence\":\"LOW\"", "\"confidence\":\"SOME\"", TestName = "unknown confidence")]
    [TestCase("FAKE-DETECTED", "\"confidence\":\"LOW\",", "", TestName = "no confidence")]
    [TestCase("FAKE-DETECTED", "\"filterStrength\":\"MEDIUM\"", "\"filterStrength\":\"EXTREME\"", TestName = "unknown strength")]
    [TestCase("FAKE-DETECTED", "\"detected\":true", "\"detected\":\"true\"", TestName = "detected of another type")]
    [TestCase("FAKE-CLAIM", "\"invalid\":", "\"unheardOf\":", TestName = "unknown finding of automated reasoning")]
    [TestCase("a@b.example", "\"type\":\"EMAIL\"", "\"type\":\"SHOE_SIZE\"", TestName = "unknown type of sensitive information")]
    [TestCase("a@b.example", "\"action\":\"ANONYMIZED\"", "\"action\":\"BLURRED\"", TestName = "unknown action on sensitive information")]
    [TestCase("a@b.example", "\"match\":\"a@b.example\",", "", TestName = "mask of nobody knows what")]
    public async Task Judge_ValueNobodyKnows_IsIncomplete(string text, string old, string @new)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => Replaced(body, old, @new)));

        Assert.That((await judged.JudgeAsync(text, """ "pii_action": "anonymize" """)).Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("\"type\":\"VIOLENCE\"", "\"type\":\"SARCASM\"", "content")]
    [TestCase("\"confidence\":\"HIGH\"", "\"confidence\":7", "content.violence")]
    [TestCase("\"action\":\"GUARDRAIL_INTERVENED\"", "\"action\":\"NONE\"", "content.violence")]
    [TestCase("\"usage\":{\"topic", "\"used\":{\"topic", "content.violence")]
    public async Task Judge_BlockBesideWhatNobodyKnows_StillBlocks(string old, string @new, string code)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => Replaced(body, old, @new)));

        var verdict = await judged.JudgeAsync("FAKE-VIOLENCE");

        Assert.That(verdict.Failure, Is.Null);
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal!.Reason, Is.EqualTo(code));
    }

    [Test]
    public async Task Judge_TopicOfAStrangeName_IsNotRepeated()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => Replaced(body, "Investment advice", "<b>\\u0007</b>")));

        Assert.That((await judged.JudgeAsync("FAKE-TOPIC")).Findings.Single().Rule, Is.EqualTo("topic"));
    }

    [Test]
    public async Task Judge_Images_AreAskedOneByOneByTheirBytes()
    {
        await using var judged = await Judged.StartAsync();
        var content = Images([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF, 0xE0], "GIF89a"u8.ToArray());

        var verdict = await judged.JudgeAsync(content, """ "images": true """);

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Requests.Select(r => r.Text), Is.EquivalentTo(new[]
        {
            """{"source":"INPUT","content":[{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}]}""",
            """{"source":"INPUT","content":[{"image":{"format":"jpeg","source":{"bytes":"/9j/4A=="}}}]}""",
        }));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_HarmfulImage_BlocksAndIsPlaced()
    {
        await using var judged = await Judged.StartAsync();
        var content = Images([0xFF, 0xD8, 0xFF, .. Encoding.Latin1.GetBytes("FAKE-VIOLENCE")]);

        Assert.That(await judged.JudgeAsync(content), Is.SameAs(GuardrailVerdict.Allow), "images are off by default");
        var verdict = await judged.JudgeAsync(content, """ "images": true """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Segment, Is.Zero);
    }

    [Test]
    public async Task Judge_ImageThatWasNotLookedAt_IsNotAPass()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body => Replaced(body, "\"images\":{\"guarded\":1", "\"images\":{\"guarded\":0")));

        Assert.That((await judged.JudgeAsync(Images([0xFF, 0xD8, 0xFF]), """ "images": true """)).Failure, Is.EqualTo(Incomplete));
    }

    private static GuardrailContent Images(params byte[][] images)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var image in images)
        {
            builder.AddBinary(UninspectedKind.Image, image, "image/png", null, new SegmentInfo { Role = SegmentRole.User });
        }

        return builder.Build();
    }

    private static string Replaced(string body, string old, string @new)
    {
        Assert.That(body, Does.Contain(old));
        return body.Replace(old, @new, StringComparison.Ordinal);
    }
}
