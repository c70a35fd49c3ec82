using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Noma;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>Both polarities, the newer actions, and what is no verdict at all.</summary>
public sealed class VerdictTests
{
    private const string Unsafe = "please " + FakeNoma.Unsafe;

    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    [Test]
    public async Task Judge_EveryProtocol_BlocksWhatIsUnsafeAndPassesTheRest(
        [Values("v2_scan", "v1_aggregate", "litellm_guardrail")] string protocol,
        [Values] bool tellsAction)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.TellsAction = tellsAction;
        var settings = $"\"protocol\": \"{protocol}\"";

        var clean = await judged.JudgeAsync("What is the capital of France?", settings);
        var blocked = await judged.JudgeAsync(Unsafe, settings);

        Assert.That(clean, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(blocked.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(blocked.Refusal!.Reason, Is.EqualTo(protocol == "litellm_guardrail" ? "unsafe" : "harmfulContent"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    // Path B: true is unsafe. Path A: true is safe.
    [TestCase("v2_scan", """{"aggregatedScanResult":true}""", VerdictOutcome.Block)]
    [TestCase("v2_scan", """{"aggregatedScanResult":false}""", VerdictOutcome.Allow)]
    [TestCase("v1_aggregate", """{"verdict":false}""", VerdictOutcome.Block)]
    [TestCase("v1_aggregate", """{"verdict":true}""", VerdictOutcome.Allow)]
    [TestCase("v2_scan", """{"aggregatedScanResult":false,"aggregatedAction":"BLOCK"}""", VerdictOutcome.Block)]
    [TestCase("v2_scan", """{"aggregatedAction":"Allow"}""", VerdictOutcome.Allow)]
    [TestCase("v2_scan", """{"aggregatedScanResult":true,"aggregatedAction":"allow"}""", VerdictOutcome.Flag)]
    [TestCase("v2_scan", """{"aggregatedAction":"alert"}""", VerdictOutcome.Flag)]
    [TestCase("v2_scan", """{"aggregatedAction":"ASK"}""", VerdictOutcome.Block)]
    [TestCase("v2_scan", """{"aggregatedAction":"mask"}""", VerdictOutcome.Block)]
    [TestCase("litellm_guardrail", """{"action":"NONE"}""", VerdictOutcome.Allow)]
    [TestCase("litellm_guardrail", """{"action":"BLOCKED"}""", VerdictOutcome.Block)]
    [TestCase("litellm_guardrail", """{"action":"GUARDRAIL_INTERVENED","texts":["x"]}""", VerdictOutcome.Block)]
    public async Task Judge_Answer_MeansWhatIsDocumented(string protocol, string answer, VerdictOutcome expected)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync("text", $"\"protocol\": \"{protocol}\"");

        Assert.That(verdict.Failure, Is.Null);
        Assert.That(verdict.Outcome, Is.EqualTo(expected));
    }

    [TestCase("v2_scan", "{}")]
    [TestCase("v2_scan", """{"verdict":true}""")]
    [TestCase("v2_scan", """{"aggregatedScanResult":"false"}""")]
    [TestCase("v2_scan", """{"aggregatedScanResult":null}""")]
    [TestCase("v2_scan", """{"aggregatedScanResult":false,"aggregatedAction":7}""")]
    [TestCase("v2_scan", """{"aggregatedScanResult":false,"aggregatedAction":"quarantine"}""")]
    [TestCase("v2_scan", """{"aggregatedScanResult":true,"aggregatedScanResult":false}""")]
    [TestCase("v1_aggregate", "{}")]
    [TestCase("v1_aggregate", """{"aggregatedScanResult":false}""")]
    [TestCase("v1_aggregate", """{"verdict":"true"}""")]
    [TestCase("litellm_guardrail", "{}")]
    [TestCase("litellm_guardrail", """{"action":"none"}""")]
    [TestCase("litellm_guardrail", """{"action":"ASK"}""")]
    [TestCase("litellm_guardrail", """{"action":null}""")]
    public async Task Judge_MissingOrUnknownVerdict_IsNeverAPass(string protocol, string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(200, answer);

        var plain = await judged.JudgeAsync("text", $"\"protocol\": \"{protocol}\"");
        var masking = await judged.JudgeAsync("text", $"\"protocol\": \"{protocol}\", \"anonymize_input\": true");

        Assert.That(plain.Failure, Is.EqualTo(Incomplete));
        Assert.That(masking.Failure, Is.EqualTo(Incomplete));
    }

    // Shapes of the details that clients have seen: the verdict stands by itself.
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("[null, 7, \"x\", {}]")]
    [TestCase("""[{"role":7,"results":{"harmfulContent":true,"x":null,"bannedTopics":{"a":{"result":"yes"}}}}]""")]
    public async Task Judge_OddDetails_LeaveTheVerdictAlone(string details)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(
            Fault.Instead(200, $$"""{"aggregatedScanResult":false,"scanResult":{{details}}}"""),
            Fault.Instead(200, $$"""{"aggregatedScanResult":true,"scanResult":{{details}}}"""));

        Assert.That(await judged.JudgeAsync("text"), Is.SameAs(GuardrailVerdict.Allow));
        var blocked = await judged.JudgeAsync("text");
        Assert.That(blocked.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(blocked.Findings.Single().Rule, Is.EqualTo("unsafe"));
    }

    [Test]
    public async Task Judge_DetectorsOfItsOwn_AreCountedAndNotQuoted()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(
            200,
            """{"aggregatedScanResult":true,"scanResult":[{"role":"user","results":{"customLlm":{"SECRET-TOPIC":{"result":true}},"SECRET-DETECTOR":{"result":true},"metadata":{"result":true}}}]}"""));

        var verdict = await judged.JudgeAsync("text", """ "actions": { "message": "No: %s. {0} %d" } """);

        Assert.That(verdict.Findings.Select(f => f.Rule), Is.EqualTo(new[] { "customLlm", "other" }));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo("No: customLlm, other. {0} %d"));
    }

    [Test]
    public async Task Judge_NothingToSay_AsksNothing()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync("  \n"), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    [Test]
    public async Task Judge_BlockedAnswer_SaysThatItIsTheAnswer()
    {
        await using var judged = await Judged.StartAsync();
        var content = GuardrailContent.FromText(Unsafe, SegmentRole.Assistant);

        var request = await judged.JudgeAsync(Unsafe);
        var response = await judged.JudgeAsync(content, stage: GuardrailStage.PreResponse);

        Assert.That(request.Refusal!.Message, Is.Null, "the plugin's default");
        Assert.That(response.Refusal!.Message, Is.EqualTo("Response blocked by Noma guardrail"));
    }
}
