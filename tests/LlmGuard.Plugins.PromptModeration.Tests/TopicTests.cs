namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class TopicTests
{
    private const string Rules = """
        {"keywords": ["gun"], "regex": ["g.n"], "actions": {"message": "no %s"},
         "topics": [{"name": "weapons", "keywords": ["machine gun", "bomb"], "regex": ["b[o0]mbs?"]}, {"name": "secrets", "keywords": ["nightjar"], "roles": ["assistant"]}]}
        """;

    [Test]
    public void Evaluate_Topics_NameTheirFindings()
    {
        var content = GuardrailContent.FromText("a machine gun", SegmentRole.User);
        var verdict = Moderation.Judge(Rules.Replace("\"message\": \"no %s\"", "\"type\": \"flag\"", StringComparison.Ordinal), content);
        Assert.That(verdict.Findings.Select(f => (f.Rule, f.Type)),
            Is.EqualTo(new[] { ("topics.weapons.keywords[0]", "weapons"), ("keywords[0]", "keyword"), ("regex[0]", "pattern") }));
    }

    [Test]
    public void Evaluate_BlockedTopic_IsTheReason()
    {
        var verdict = Moderation.Judge(Rules, "a bomb");
        Assert.That((verdict.Refusal!.Reason, verdict.Refusal.Message), Is.EqualTo(("weapons", "no weapons")));
    }

    [TestCase("assistant", VerdictOutcome.Block)]
    [TestCase("user", VerdictOutcome.Allow)]
    [TestCase("", VerdictOutcome.Block, Description = "no role satisfies every limit")]
    [TestCase("robot", VerdictOutcome.Block)]
    public void Evaluate_TopicOfARole_CountsThere(string role, VerdictOutcome expected) =>
        Assert.That(Moderation.Judge(Rules, GuardrailContent.FromText("project nightjar", new SegmentRole(role))).Outcome, Is.EqualTo(expected));

    [Test]
    public void Metadata_StreamedAnswers_AreJudgedWhileTheyArrive() =>
        Assert.That(Moderation.Plugin.Metadata.Streaming, Is.EqualTo(GuardrailStreaming.Span));
}
