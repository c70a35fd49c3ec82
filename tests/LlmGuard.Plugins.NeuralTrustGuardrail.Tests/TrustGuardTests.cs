using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.NeuralTrust;
using LlmGuard.Tests.Answers;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Tests;

public sealed class TrustGuardTests
{
    private const string Private = FakeNeuralTrust.Private;

    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);
    private static readonly GuardrailFailure NotApplicable = new(FailureClass.Input, FailureReasons.MaskNotApplicable);

    public static IEnumerable<string> Apis => ["guard", "guard_legacy", "evaluate"];

    [Test]
    public async Task Judge_EveryInterface_BlocksAndPasses([ValueSource(nameof(Apis))] string api)
    {
        await using var judged = await Judged.StartAsync();
        var settings = judged.Speak(api) + """, "actions": { "message": "No: %s %d" } """;

        var clean = await judged.JudgeAsync("What is the capital of France?", settings);
        var blocked = await judged.JudgeAsync("please " + FakeNeuralTrust.Jailbreak, settings);

        Assert.That(clean, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(blocked.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(blocked.Refusal!.Message, Is.EqualTo("No: jailbreak %d"));
        Assert.That(blocked.Findings.Single().Confidence, Is.EqualTo(FakeNeuralTrust.High));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("guard")]
    [TestCase("evaluate")]
    public async Task Judge_Report_IsRecordedAndPasses(string api)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(FakeNeuralTrust.Reported, judged.Speak(api));

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("topic"));
    }

    [Test]
    public async Task Judge_Transform_IsAppliedExactlyToEveryText([ValueSource(nameof(Apis))] string api)
    {
        await using var judged = await Judged.StartAsync();
        string[] texts = [$"My name is {Private}, é\nand so on", "nothing here", $"{Private}", $"a {Private} b {Private} c"];
        var builder = new GuardrailContentBuilder();
        builder.AddText(texts[0], new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        builder.AddText(texts[1], new SegmentInfo { Role = SegmentRole.System, Kind = SegmentKind.Message });
        builder.AddText(texts[2], new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.ToolCall, Name = "send", Group = 0 });
        builder.AddText(texts[3], new SegmentInfo { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult });

        var verdict = await judged.JudgeAsync(builder.Build(), judged.Speak(api));

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.That(EditedText.Of(texts[i], verdict, i), Is.EqualTo(texts[i].Replace(Private, "[PRIVATE]", StringComparison.Ordinal)));
        }

        Assert.That(verdict.Edits.Select(e => e.Segment), Is.EquivalentTo(new[] { 0, 2, 3 }));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("""{"input":"masked"}""", "masked")]
    [TestCase("""{"messages":[{"role":"user","content":"masked"}]}""", "masked")]
    [TestCase("""{"messages":[{"role":"user","content":""}]}""", "")]
    public async Task Judge_TransformOfOneText_MayComeAsAText(string payload, string expected)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, $$"""{"status":"transform","transformed_payload":{{payload}},"findings":[]}"""));

        Assert.That(EditedText.Of("original", await judged.JudgeAsync("original", Judged.Guard)), Is.EqualTo(expected));
    }

    [TestCase("null")]
    [TestCase("\"masked\"")]
    [TestCase("{}")]
    [TestCase("""{"messages":[]}""")]
    [TestCase("""{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""")]
    [TestCase("""{"messages":[{"role":"assistant","content":"masked"}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":["masked"]}]}""")]
    [TestCase("""{"messages":[{"content":"masked"}]}""")]
    [TestCase("""{"messages":{"role":"user"}}""")]
    [TestCase("""{"input":7}""")]
    [TestCase("""{"params":{"arguments":{}}}""")]
    public async Task Judge_TransformThatCannotBeApplied_IsRefused(string payload)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, $$"""{"status":"transform","transformed_payload":{{payload}},"findings":[]}"""));

        Assert.That((await judged.JudgeAsync("original", Judged.Guard)).Failure, Is.EqualTo(NotApplicable));
    }

    [Test]
    public async Task Judge_TransformOfManyTextsAsOneText_IsRefused()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("one", new SegmentInfo { Role = SegmentRole.User });
        builder.AddText("two", new SegmentInfo { Role = SegmentRole.User });
        judged.Fake.Faults.Then(Fault.Instead(200, """{"status":"transform","transformed_payload":{"input":"one\nmasked"},"findings":[]}"""));

        Assert.That((await judged.JudgeAsync(builder.Build(), Judged.Guard)).Failure, Is.EqualTo(NotApplicable));
    }

    [Test]
    public async Task Judge_TransformThatChangesNothing_IsIncomplete()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, """{"status":"transform","transformed_payload":{"input":"original"},"findings":[]}"""));

        Assert.That((await judged.JudgeAsync("original", Judged.Guard)).Failure, Is.EqualTo(Incomplete));
    }

    [Test]
    public async Task Judge_TransformBesideTheModelOrOfASignedText_IsRefused()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText(Private, new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Reasoning, Editability = Editability.Signed });

        Assert.That((await judged.JudgeAsync(builder.Build(), Judged.Guard)).Failure, Is.EqualTo(NotApplicable));
        Assert.That((await judged.JudgeAsync(GuardrailContent.FromText(Private, SegmentRole.User), Judged.Guard, GuardrailStage.PostRequest)).Failure,
            Is.EqualTo(NotApplicable));
    }

    [TestCase("guard", "{}")]
    [TestCase("guard", """{"status":null}""")]
    [TestCase("guard", """{"status":"quarantine"}""")]
    [TestCase("guard", """{"status":"BLOCK"}""")]
    [TestCase("guard", """{"is_flagged":false}""")]
    [TestCase("evaluate", """{"status":7}""")]
    [TestCase("evaluate", """{"status":"ok"}""")]
    [TestCase("guard_legacy", "{}")]
    [TestCase("guard_legacy", """{"status":""}""")]
    [TestCase("guard_legacy", """{"is_flagged":"no"}""")]
    [TestCase("guard_legacy", """{"is_flagged":false,"findings":"x"}""")]
    public async Task Judge_MissingOrUnknownVerdict_IsNeverAPass(string api, string answer)
    {
        await using var judged = await Judged.StartAsync();
        var settings = judged.Speak(api);
        judged.Fake.Faults.Then(api == "evaluate" ? [null, Fault.Instead(200, answer)] : [Fault.Instead(200, answer)]);

        Assert.That((await judged.JudgeAsync("text", settings)).Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("""{"is_flagged":true,"findings":[]}""")]
    [TestCase("""{"is_flagged":false,"findings":[{"detection_type":"x","is_flagged":true}]}""")]
    public async Task Judge_LegacyFlag_Blocks(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        Assert.That((await judged.JudgeAsync("text", Judged.GuardLegacy)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_FindingsThatMightQuote_AreNotShown()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, """{"status":"block","findings":[{"detection_type":"the secret is 42"},{"detection_type":"PII_Email","confidence":7},null,{"detection_type":3}]}"""));

        var verdict = await judged.JudgeAsync("text", Judged.Guard + """, "actions": { "message": "%s" } """);

        Assert.That(verdict.Refusal!.Message, Is.EqualTo("other, pii_email"));
        Assert.That(verdict.Findings.Select(f => f.Confidence), Has.All.InRange(0, 1));
    }

    [Test]
    public async Task Judge_Evaluate_SendsTheDocumentedBody()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync("Hi", Judged.Evaluate);

        Assert.That(judged.Fake.Requests[0].Path, Is.EqualTo("/v1/token"));
        Assert.That(judged.Fake.Requests[1].Text, Is.EqualTo(
            """{"payload":{"messages":[{"role":"user","content":"Hi"}]},"direction":"input","protocol":"llm","consumer_id":"alice","gateway_id":"gateway-1","""
            + "\"attributes\":{\"content_type\":\"application/json\",\"model\":{\"name\":\"gpt-4o\",\"provider\":\"openai\"}}}"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_Answers_GoAsOutput([ValueSource(nameof(Apis))] string api)
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(GuardrailContent.FromText("Hello", SegmentRole.Assistant), judged.Speak(api), GuardrailStage.PreResponse);

        var body = JsonNode.Parse(judged.Fake.Requests[^1].Text)!;
        Assert.That((string?)body["direction"], Is.EqualTo("output"));
        Assert.That(body.ToJsonString(), Does.Contain("assistant"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_Attachments_AreShownUnlessSwitchedOff([ValueSource(nameof(Apis))] string api, [Values] bool hasText)
    {
        await using var judged = await Judged.StartAsync();
        var settings = judged.Speak(api);
        var builder = new GuardrailContentBuilder();
        if (hasText)
        {
            builder.AddText("look", new SegmentInfo { Role = SegmentRole.User });
        }

        builder.AddBinary(UninspectedKind.Image, Encoding.ASCII.GetBytes("pixels"), "image/png", null, new SegmentInfo { Role = SegmentRole.User });
        builder.AddBinary(UninspectedKind.File, default, null, new Uri("https://files.example/" + FakeNeuralTrust.Jailbreak),
            new SegmentInfo { Role = SegmentRole.User });

        Assert.That((await judged.JudgeAsync(builder.Build(), settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(await judged.JudgeAsync(builder.Build(), settings + """, "attachments": false """), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_TokenRevokedEarly_IsAcquiredAnewOnce()
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(Judged.Evaluate);
        var clean = Judged.Call(GuardrailContent.FromText("text", SegmentRole.User));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => evaluator.EvaluateAsync(clean, default).AsTask()));
        Assert.That(judged.Fake.TokensIssued, Is.EqualTo(1));

        judged.Fake.RevokeTokens();
        var verdict = await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText(FakeNeuralTrust.Jailbreak, SegmentRole.User)), default);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.TokensIssued, Is.EqualTo(2));
    }

    [TestCase("{}")]
    [TestCase("""{"access_token":"a"}""")]
    [TestCase("""{"access_token":"a b","token_type":"Bearer","expires_in":60}""")]
    [TestCase("""{"access_token":"a","token_type":"mac","expires_in":60}""")]
    public async Task Judge_AnswerWithoutAToken_IsACredentialsFailure(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync("text", Judged.Evaluate);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    [TestCase(401, FailureReasons.Credentials)]
    [TestCase(403, FailureReasons.Credentials)]
    [TestCase(429, FailureReasons.Throttled)]
    [TestCase(503, FailureReasons.Transport)]
    public async Task Judge_Statuses_AreAvailabilityFailures(int status, string reason)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(status, """{"error":"vendor words"}""");

        Assert.That((await judged.JudgeAsync("text", Judged.Guard)).Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, reason)));
    }
}
