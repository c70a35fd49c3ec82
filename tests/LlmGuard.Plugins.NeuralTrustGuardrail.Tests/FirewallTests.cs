using System.Globalization;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.NeuralTrust;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Tests;

public sealed class FirewallTests
{
    private const string All = Judged.Firewall + """, "jailbreak": { "threshold": 0.8 }, "toxicity": { "threshold": 0.7 }, "moderation": { "topics": ["weapons", "drugs"] }, "actions": { "message": "No: %s. {0}" } """;
    private const string JailbreakOnly = Judged.Firewall + """, "jailbreak": {} """;
    private const string ToxicityOnly = Judged.Firewall + """, "toxicity": {} """;
    private const string ModerationOnly = Judged.Firewall + """, "moderation": { "topics": ["weapons"] } """;

    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    [TestCase(FakeNeuralTrust.Jailbreak, "jailbreak", "No: jailbreak. {0}")]
    [TestCase(FakeNeuralTrust.Toxic, "toxicity", "No: toxicity. {0}")]
    [TestCase("FAKE-TOPIC-drugs", "moderation", "No: drugs. {0}")]
    public async Task Judge_EachCheck_Blocks(string trigger, string rule, string message)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("please " + trigger, All);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo(rule));
        Assert.That(verdict.Findings.Single().Confidence, Is.EqualTo(FakeNeuralTrust.High));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo(message));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_CleanText_AsksEveryCheckOnceAndAllows()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync("What is the capital of France?", All), Is.SameAs(GuardrailVerdict.Allow));

        var requests = judged.Fake.Requests.ToDictionary(r => r.Path, r => r.Text);
        Assert.That(requests["/v1/jailbreak"], Is.EqualTo("""{"input":["What is the capital of France?"]}"""));
        Assert.That(requests["/v1/toxicity"], Is.EqualTo("""{"input":["What is the capital of France?"]}"""));
        Assert.That(requests["/v1/prompt-moderation"],
            Is.EqualTo("""{"input":["What is the capital of France?"],"topics":["weapons","drugs"],"thresholds":{"weapons":0.5,"drugs":0.5}}"""));
        Assert.That(judged.Fake.Requests.Select(r => r.Header("Token")), Has.All.EqualTo(FakeNeuralTrust.Token));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("jailbreak", FakeNeuralTrust.Jailbreak)]
    [TestCase("toxicity", FakeNeuralTrust.Toxic)]
    public async Task Judge_ScoreAndThreshold_AreComparedAtLeast(string check, string trigger)
    {
        await using var judged = await Judged.StartAsync();
        foreach (var (threshold, blocks) in new[] { (FakeNeuralTrust.High, true), (Math.BitIncrement(FakeNeuralTrust.High), false),
            (Math.BitDecrement(FakeNeuralTrust.High), true) })
        {
            var verdict = await judged.JudgeAsync(
                trigger, string.Create(CultureInfo.InvariantCulture, $$"""{{Judged.Firewall}}, "{{check}}": { "threshold": {{threshold:R}} } """));

            Assert.That(verdict.Outcome == VerdictOutcome.Block, Is.EqualTo(blocks), check);
        }
    }

    // The map of scores goes by several names; all of it is read.
    [TestCase("""[{"categories":{"a":0.1,"b":0.9}}]""", true)]
    [TestCase("""[{"category_scores":{"a":0.9}}]""", true)]
    [TestCase("""[{"scores":{"a":0.9}}]""", true)]
    [TestCase("""[{"categories":{"a":false},"category_scores":{"a":0.9}}]""", true)]
    [TestCase("""[{"categories":{"a":0.1},"scores":{"b":0.9}}]""", true)]
    [TestCase("""[{"categories":{"a":0.1}},{"categories":{"a":0.9}}]""", true)]
    [TestCase("""[{"categories":{"a":0.1,"unheard_of":0.2}}]""", false)]
    public async Task Judge_ToxicityScores_AreReadByEveryName(string answer, bool blocks)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync("text", ToxicityOnly);

        Assert.That(verdict.Outcome, Is.EqualTo(blocks ? VerdictOutcome.Block : VerdictOutcome.Allow));
        Assert.That(verdict.Failure, Is.Null);
    }

    [TestCase(ToxicityOnly, """[{}]""")]
    [TestCase(ToxicityOnly, """[{"categories":{}}]""")]
    [TestCase(ToxicityOnly, """[{"categories":{"a":true}}]""")]
    [TestCase(ToxicityOnly, """[{"categories":{"a":"high"}}]""")]
    [TestCase(ToxicityOnly, """[{"categories":[0.1]}]""")]
    [TestCase(ToxicityOnly, """[{"categories":{"a":1.5}}]""")]
    [TestCase(JailbreakOnly, "[]")]
    [TestCase(JailbreakOnly, "{}")]
    [TestCase(JailbreakOnly, "[null]")]
    [TestCase(JailbreakOnly, """{"category_scores":{"malicious_prompt":0.1}}""")]
    [TestCase(JailbreakOnly, """[{"category_scores":{}}]""")]
    [TestCase(JailbreakOnly, """[{"category_scores":{"malicious_prompt":null}}]""")]
    [TestCase(JailbreakOnly, """[{"category_scores":{"malicious_prompt":-0.1}}]""")]
    [TestCase(JailbreakOnly, """[{"category_scores":{"malicious_prompt":0.1}},{}]""")]
    [TestCase(ModerationOnly, """[{"is_blocked":false,"topic_scores":{}}]""")]
    [TestCase(ModerationOnly, """[{"topic_scores":{"weapons":{"probability":0.1,"blocked":false}}}]""")]
    [TestCase(ModerationOnly, """[{"is_blocked":false,"topic_scores":{"weapons":{"probability":0.1}}}]""")]
    [TestCase(ModerationOnly, """[{"is_blocked":"no","topic_scores":{"weapons":{"probability":0.1,"blocked":false}}}]""")]
    public async Task Judge_AnswerWithoutTheScore_IsNeverAPass(string settings, string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        Assert.That((await judged.JudgeAsync("text", settings)).Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("""[{"is_blocked":true,"topic_scores":{"weapons":{"probability":0.1,"blocked":false}}}]""")]
    [TestCase("""[{"is_blocked":false,"topic_scores":{"weapons":{"probability":0.1,"blocked":true}}}]""")]
    [TestCase("""[{"is_blocked":false,"topic_scores":{"weapons":{"probability":0.5,"blocked":false}}}]""")]
    [TestCase("""[{"is_blocked":false,"blocked_topics":["x"],"topic_scores":{"weapons":{"probability":0.1,"blocked":false}}}]""")]
    [TestCase("""[{"is_blocked":true,"topic_scores":{}}]""")]
    public async Task Judge_ModerationThatBlocksInAnyWay_Blocks(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        Assert.That((await judged.JudgeAsync("text", ModerationOnly)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase(201)]
    [TestCase(204)]
    public async Task Judge_OtherSuccessThan200_IsNotAnAnswer(int status)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(status, status == 204 ? "" : """[{"category_scores":{"malicious_prompt":0.1}}]"""));

        Assert.That((await judged.JudgeAsync("text", JailbreakOnly)).Failure, Is.Not.Null);
    }

    [Test]
    public async Task Judge_SigningKey_MakesTokensThatTheFirewallAccepts()
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator($$""" "signing_key": "{{FakeNeuralTrust.SigningKey}}", "jailbreak": {} """);
        var clean = Judged.Call(GuardrailContent.FromText("text", SegmentRole.User));

        Assert.That(await evaluator.EvaluateAsync(clean, default), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(await evaluator.EvaluateAsync(clean, default), Is.SameAs(GuardrailVerdict.Allow));

        Assert.That(judged.Fake.Requests.Select(r => r.Header("Token")).Distinct().Count(), Is.EqualTo(1), "one token for both");
        Assert.That(judged.Fake.Requests.Select(r => r.Header("Token")), Has.None.Contains(FakeNeuralTrust.SigningKey));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_WrongSigningKey_IsACredentialsFailure()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("text", """ "signing_key": "wrong", "jailbreak": {} """);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(2), "once more with a new token, and no more");
    }
}
