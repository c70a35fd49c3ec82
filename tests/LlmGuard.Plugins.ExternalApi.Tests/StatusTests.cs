using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ExternalApi.Tests;

/// <summary>What a status means is a setting.</summary>
public sealed class StatusTests
{
    private const string Settings = """
         "statuses": [ { "status": "204", "means": "allow" }, { "status": "404", "means": "allow" }, { "status": "4xx", "means": "block" }, { "status": "503", "means": "answer" },
                       { "status": "410", "means": "error" } ],
         "actions": { "message": "No." }, "conditions": [ { "field": "/verdict", "operator": "neq", "value": "allow" }, { "field": "$status", "operator": "eq", "value": 503, "action": "flag" } ],
         "body": { "text": "{{/input}}" }
        """;

    [TestCase(204, VerdictOutcome.Allow, null)]
    [TestCase(404, VerdictOutcome.Allow, null)]
    [TestCase(418, VerdictOutcome.Block, null)]
    [TestCase(422, VerdictOutcome.Block, null)]
    [TestCase(503, VerdictOutcome.Flag, null)]
    [TestCase(410, VerdictOutcome.Allow, FailureReasons.ConfigInvalid)]
    [TestCase(401, VerdictOutcome.Allow, FailureReasons.Credentials)]
    [TestCase(429, VerdictOutcome.Allow, FailureReasons.Throttled)]
    [TestCase(500, VerdictOutcome.Allow, FailureReasons.Transport)]
    [TestCase(302, VerdictOutcome.Allow, FailureReasons.Transport)]
    public async Task Status_OfTheService_MeansWhatThePolicySays(int status, VerdictOutcome outcome, string? reason)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(status, status == 204 ? "" : """{"verdict":"allow"}""");

        var verdict = await judged.CheckAsync("hi", Settings);

        Assert.That(verdict.Outcome, Is.EqualTo(outcome));
        Assert.That(verdict.Failure?.Reason, Is.EqualTo(reason));
        Assert.That(verdict.Refusal?.Message, Is.EqualTo(outcome == VerdictOutcome.Block ? "No." : null));
    }

    [Test]
    public async Task StatusThatBlocks_WithAPageInsteadOfJson_Blocks()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Html(451);

        Assert.That((await judged.CheckAsync("hi", Settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }
}
