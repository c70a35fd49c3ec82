using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Noma;
using LlmGuard.Tests.Answers;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>Masks: exact, per message and choice, or a block.</summary>
public sealed class MaskTests
{
    private const string Anonymize = """ "anonymize_input": true """;
    private const string Mail = "Write to alice@example.com, not to bob@example.org!";
    private const string Masked = "Write to *****************, not to ***************!";

    [Test]
    public async Task Judge_SensitiveData_IsMaskedAsNomaSays([Values("v2_scan", "v1_aggregate")] string protocol, [Values] bool tellsAction)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.TellsAction = tellsAction;

        var verdict = await judged.JudgeAsync(Mail, $"{Anonymize}, \"protocol\": \"{protocol}\"");

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        Assert.That(verdict.Edits.Select(e => e.Span), Is.EquivalentTo(new[] { new TextSpan(9, 17), new TextSpan(35, 15) }));
        Assert.That(EditedText.Of(Mail, verdict), Is.EqualTo(Masked));
        Assert.That(verdict.Findings.Select(f => f.Rule), Is.EqualTo(new[] { "sensitiveData" }));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_TextsOfTheGuardrailProtocol_AreRewrittenExactly()
    {
        await using var judged = await Judged.StartAsync();
        var content = Judged.Conversation((SegmentRole.System, "Be kind."), (SegmentRole.User, Mail), (SegmentRole.User, "Thanks, café"));

        var verdict = await judged.JudgeAsync(content, Anonymize + """, "protocol": "litellm_guardrail" """);

        Assert.That(verdict.Edits.Select(e => e.Segment), Is.All.EqualTo(1));
        Assert.That(EditedText.Of(Mail, verdict, 1), Is.EqualTo("Write to <EMAIL>, not to <EMAIL>!"));
    }

    [Test]
    public async Task Judge_Conversation_MasksTheMessagesItIsAbout([Values(3, 40)] int turns)
    {
        await using var judged = await Judged.StartAsync();
        var messages = Enumerable.Range(0, turns).Select(i => (i % 2 == 0 ? SegmentRole.User : SegmentRole.Assistant, $"Turn {i}")).ToArray();
        messages[0].Item2 = Mail;
        messages[2].Item2 = "and carol@example.net";

        var verdict = await judged.JudgeAsync(Judged.Conversation(messages), Anonymize);

        Assert.That(verdict.Edits.Select(e => e.Segment).Distinct(), Is.EquivalentTo(new[] { 0, 2 }));
        Assert.That(EditedText.Of(Mail, verdict), Is.EqualTo(Masked));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(turns <= 16 ? turns : 1), "few texts are asked one by one");
    }

    [Test]
    public async Task Judge_Choices_AreAskedAndMaskedOneByOne()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        string[] texts = ["First: alice@example.com", "Second: bob@example.org", "Third"];
        for (var choice = 0; choice < texts.Length; choice++)
        {
            builder.AddText(texts[choice], new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message,
                Position = new SegmentPosition(Choice: choice) });
        }

        var verdict = await judged.JudgeAsync(builder.Build(), Anonymize, GuardrailStage.PreResponse);

        Assert.That(EditedText.Of(texts[0], verdict, 0), Is.EqualTo("First: *****************"));
        Assert.That(EditedText.Of(texts[1], verdict, 1), Is.EqualTo("Second: ***************"));
        Assert.That(verdict.Edits, Has.Count.EqualTo(2));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(3));
        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.All.Contains("output_text"));
    }

    [Test]
    public async Task Judge_WithoutAnonymizing_BlocksInstead([Values("v2_scan", "v1_aggregate", "litellm_guardrail")] string protocol)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await judged.JudgeAsync(Mail, $"\"protocol\": \"{protocol}\"")).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_SensitiveAndHarmful_Blocks([Values] bool tellsAction)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.TellsAction = tellsAction;

        Assert.That((await judged.JudgeAsync(Mail + FakeNoma.Unsafe, Anonymize)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase("another text than *****", TestName = "Judge_MaskOfAnotherText_Blocks")]
    [TestCase("Write to ***** at noon", TestName = "Judge_MaskThatCutsTheEnd_Blocks")]
    [TestCase(Mail, TestName = "Judge_MaskThatMasksNothing_Blocks")]
    [TestCase("", TestName = "Judge_EmptyMask_Blocks")]
    [TestCase("Write to <EMAIL>, not to <EMAIL>!", TestName = "Judge_MaskInAnotherForm_Blocks")]
    public async Task Judge_MaskThatCannotBeLocated_Blocks(string anonymized)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, Answer(("user", anonymized))));

        var verdict = await judged.JudgeAsync(Mail, Anonymize);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal!.Reason, Is.EqualTo("mask_not_applicable"));
        Assert.That(verdict.Edits, Is.Empty);
    }

    [Test]
    public async Task Judge_OneResultForManyMessages_Blocks()
    {
        await using var judged = await Judged.StartAsync();
        var messages = Enumerable.Range(0, 20).Select(i => (SegmentRole.User, i == 7 ? Mail : $"Turn {i}")).ToArray();
        judged.Fake.Faults.Then(Fault.Instead(200, Answer(("user", Masked))));

        Assert.That((await judged.JudgeAsync(Judged.Conversation(messages), Anonymize)).Refusal!.Reason, Is.EqualTo("mask_not_applicable"));
    }

    [Test]
    public async Task Judge_TwoResultsForAllRoles_MaskTheOnlyTextOfTheRole()
    {
        await using var judged = await Judged.StartAsync();
        var messages = Enumerable.Range(0, 20).Select(i => (i == 7 ? SegmentRole.User : SegmentRole.System, i == 7 ? Mail : $"Turn {i}")).ToArray();
        judged.Fake.Faults.Then(Fault.Instead(200, Answer(("user", Masked))));

        var verdict = await judged.JudgeAsync(Judged.Conversation(messages), Anonymize);

        Assert.That(EditedText.Of(Mail, verdict, 7), Is.EqualTo(Masked));
    }

    [Test]
    public async Task Judge_SafeWithAMask_IsMaskedWhereNoActionSaysOtherwise()
    {
        await using var judged = await Judged.StartAsync();
        var quiet = Answer(("user", Masked)).Replace("\"aggregatedScanResult\":true", "\"aggregatedScanResult\":false", StringComparison.Ordinal)
            .Replace("\"result\":true", "\"result\":false", StringComparison.Ordinal);
        judged.Fake.Faults.Then(Fault.Instead(200, quiet),
            Fault.Instead(200, quiet.Replace("{\"aggregated", "{\"aggregatedAction\":\"allow\",\"aggregated", StringComparison.Ordinal)));

        Assert.That(EditedText.Of(Mail, await judged.JudgeAsync(Mail, Anonymize)), Is.EqualTo(Masked));
        Assert.That(await judged.JudgeAsync(Mail, Anonymize), Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public async Task Judge_MaskBesideTheModel_IsNotApplicable()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(GuardrailContent.FromText(Mail, SegmentRole.User), Anonymize, GuardrailStage.PostRequest);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable)));
    }

    [Test]
    public async Task Judge_SensitiveDataInAToolCall_BlocksRatherThanGuess()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("alice@example.com", new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.ToolCall, Name = "send", Group = 0 });

        Assert.That((await judged.JudgeAsync(builder.Build(), Anonymize)).Refusal!.Reason, Is.EqualTo("mask_not_applicable"));
    }

    [TestCase("""{"action":"GUARDRAIL_INTERVENED"}""", true)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":["SAME"]}""", true)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":"x"}""", true)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":[7]}""", true)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":[]}""", false)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":["a","b"]}""", false)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":["a"],"images":["https://x.example/"]}""", false)]
    [TestCase("""{"action":"GUARDRAIL_INTERVENED","texts":["a"],"tool_calls":[{}]}""", false)]
    public async Task Judge_InterventionThatCannotBeCarriedOut_IsRefused(string answer, bool isIncomplete)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync("SAME", Anonymize + """, "protocol": "litellm_guardrail" """);

        Assert.That(verdict.Failure?.Reason, Is.EqualTo(isIncomplete ? FailureReasons.VerdictIncomplete : null));
        Assert.That(verdict.Outcome, Is.EqualTo(isIncomplete ? VerdictOutcome.Allow : VerdictOutcome.Block));
    }

    private static string Answer(params (string Role, string Anonymized)[] results) => new JsonObject
    {
        ["aggregatedScanResult"] = true,
        ["scanResult"] = new JsonArray([.. results.Select(r => (JsonNode)new JsonObject
        {
            ["role"] = r.Role,
            ["type"] = "message",
            ["results"] = new JsonObject
            {
                ["sensitiveData"] = new JsonObject { ["email"] = new JsonObject { ["result"] = true } },
                ["anonymizedContent"] = new JsonObject { ["anonymized"] = r.Anonymized },
            },
        })]),
    }.ToJsonString();
}
