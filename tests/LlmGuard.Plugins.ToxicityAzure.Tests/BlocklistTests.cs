using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class BlocklistTests
{
    private const string Lists = """ "blocklists": ["rivals", "names"], "actions": { "message": "%s" } """;

    [Test]
    public async Task Judge_WordOfABlocklist_BlocksAndIsNotRepeated()
    {
        await using var judged = await StartAsync();

        var verdict = await judged.JudgeAsync("Buy from ACME today", Lists);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("blocklist.rivals"));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo("blocklist"));
        Assert.That(verdict.Refusal.Reason, Is.EqualTo("blocklist"));
        Assert.That(judged.Asked("text:analyze").Single().GetRawText(),
            Does.Contain("\"blocklistNames\":[\"rivals\",\"names\"],\"haltOnBlocklistHit\":false"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_WordsOfTwoBlocklistsAndHarm_AllAreFound()
    {
        await using var judged = await StartAsync();

        var verdict = await judged.JudgeAsync("acme and Smith " + FakeAzureContentSafety.TriggerOf("Hate"), Lists);

        Assert.That(verdict.Findings.Select(f => f.Rule), Is.EqualTo(new[] { "blocklist.rivals", "blocklist.names", "hate" }));
        Assert.That(verdict.Refusal!.Message, Is.EqualTo("blocklist, Hate"));
    }

    [Test]
    public async Task Judge_Halted_BlocksWithoutCategories([Values("", "\"categoriesAnalysis\":[]")] string categories)
    {
        await using var judged = await StartAsync();
        judged.Fake.Faults.Then(
            Fault.Changed(body => categories.Length == 0 ? body.Replace(",\"categoriesAnalysis\":[]", "", StringComparison.Ordinal) : body));

        var verdict = await judged.JudgeAsync("acme", Lists + """, "halt_on_blocklist_hit": true """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_HaltedButOnlyFlagging_IsFlagged()
    {
        await using var judged = await StartAsync();

        var verdict = await judged.JudgeAsync("acme", """ "blocklists": ["rivals"], "halt_on_blocklist_hit": true, "actions": { "type": "flag" } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
    }

    [Test]
    public async Task Judge_NoCategoriesWithoutAHit_IsIncomplete()
    {
        await using var judged = await StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, """{"blocklistsMatch":[],"categoriesAnalysis":[]}"""));

        Assert.That(
            (await judged.JudgeAsync("fine", Lists + """, "halt_on_blocklist_hit": true """)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    [Test]
    public async Task Judge_AnswerThatComparedNothing_IsIncomplete()
    {
        await using var judged = await StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(static body => body.Replace("\"blocklistsMatch\":[],", "", StringComparison.Ordinal));

        Assert.That((await judged.JudgeAsync("fine", Lists)).Failure?.Reason, Is.EqualTo(FailureReasons.VerdictIncomplete));
        Assert.That(await judged.JudgeAsync("fine"), Is.SameAs(GuardrailVerdict.Allow), "without blocklists nothing is missing");
    }

    [Test]
    public async Task Judge_MatchOfAListNobodyNamed_Blocks()
    {
        await using var judged = await StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(static body =>
            body.Replace("\"blocklistsMatch\":[]",
                "\"blocklistsMatch\":[{\"blocklistName\":\"other\",\"blocklistItemId\":\"1\",\"blocklistItemText\":\"fine\"}]",
                StringComparison.Ordinal)));

        var verdict = await judged.JudgeAsync("fine", Lists);

        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("blocklist"));
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_BlocklistThatDoesNotExist_IsConfiguration()
    {
        await using var judged = await StartAsync();

        var verdict = await judged.JudgeAsync("text", """ "blocklists": ["missing"] """);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.ConfigInvalid)));
    }

    private static async Task<Judged> StartAsync()
    {
        var judged = await Judged.StartAsync();
        judged.Fake.SetBlocklist("rivals", "acme");
        judged.Fake.SetBlocklist("names", "smith", "miller");
        return judged;
    }
}
