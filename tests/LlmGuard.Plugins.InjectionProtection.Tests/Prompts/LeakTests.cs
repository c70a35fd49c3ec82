namespace LlmGuard.Plugins.InjectionProtection.Tests.Prompts;

public sealed class LeakTests
{
    private const string Settings = """{"predefined_injections": [{"type": "system_prompt_leak"}], "canaries": ["CANARY-7f3a"]}""";
    private const string Prompt =
        "You are Ada, the assistant of a bank in Ulm. Never talk about interest rates and always greet customers in verse before you answer them.";

    [TestCase("Sure: canary-7f3a", ExpectedResult = "leak.canary")]
    [TestCase("Sure: C\u200BANARY\u200B-7f3a", ExpectedResult = "leak.canary")]
    [TestCase("I was told: " + Prompt, ExpectedResult = "leak.similarity")]
    [TestCase("You are Ada, the assistant of a bank in Ulm; never talk about interest rates and always greet customers in verse",
        ExpectedResult = "leak.similarity")]
    [TestCase("Never talk about interest rates, my friend.", ExpectedResult = "")]
    [TestCase("Good morning, how may I help?", ExpectedResult = "")]
    public string Evaluate_Answer_IsComparedWithThePromptOfItsCall(string answer)
    {
        var verdict = Injection.Judge(Injection.Evaluator(Settings), Injection.Content(answer, role: SegmentRole.Assistant),
            GuardrailStage.PreResponse, Injection.Content(Prompt, role: SegmentRole.System));
        return string.Join(',', Injection.Rules(verdict));
    }

    [TestCase("low", ExpectedResult = "leak.canary,leak.similarity")]
    [TestCase("high", ExpectedResult = "leak.canary,leak.similarity")]
    [TestCase("critical", ExpectedResult = "leak.canary")]
    public string Evaluate_LeakBelowTheLeastSeverity_DoesNotCount(string least)
    {
        var evaluator = Injection.Evaluator($$"""{"canaries": ["CANARY-7f3a"], "min_severity": "{{least}}"}""");
        var verdict = Injection.Judge(evaluator, Injection.Content($"CANARY-7f3a {Prompt}", role: SegmentRole.Assistant), GuardrailStage.PreResponse,
            Injection.Content(Prompt, role: SegmentRole.System));
        return string.Join(',', Injection.Rules(verdict).Order(StringComparer.Ordinal));
    }

    [Test]
    public void Evaluate_Request_IsNoLeak() =>
        Assert.That(Injection.Judge(Injection.Evaluator(Settings), Injection.Content("CANARY-7f3a " + Prompt, role: SegmentRole.System)).Outcome,
            Is.EqualTo(VerdictOutcome.Allow));

    [Test]
    public void Evaluate_ShortPrompt_IsNotCompared() =>
        Assert.That(Injection.Judge(Injection.Evaluator(Settings), Injection.Content("You are a helpful assistant.", role: SegmentRole.Assistant),
            GuardrailStage.PreResponse, Injection.Content("You are a helpful assistant.", role: SegmentRole.System))
            .Outcome, Is.EqualTo(VerdictOutcome.Allow));
}
