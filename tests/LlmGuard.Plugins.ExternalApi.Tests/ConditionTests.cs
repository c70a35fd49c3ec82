using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ExternalApi.Tests;

/// <summary>What conditions make of an answer.</summary>
public sealed class ConditionTests
{
    private const string Answer =
        """{"verdict":"block","score":0.75,"count":3,"ok":true,"none":null,"tags":["a","b"],"empty":[],"text":"a BAD word","deep":{"x/y":[{"hit":false},{"hit":true}]},"mixed":[1,"a"],"partial":[{"hit":false},{}]}""";

    [TestCase(""" "field": "/verdict", "operator": "eq", "value": "block" """, true)]
    [TestCase(""" "field": "/verdict", "operator": "eq", "value": "BLOCK" """, false)]
    [TestCase(""" "field": "/verdict", "operator": "neq", "value": "allow" """, true)]
    [TestCase(""" "field": "verdict", "operator": "neq", "value": "block" """, false)]
    [TestCase(""" "field": "/score", "operator": "gt", "value": 0.75 """, false)]
    [TestCase(""" "field": "/score", "operator": "gte", "value": 0.75 """, true)]
    [TestCase(""" "field": "/score", "operator": "lt", "value": 0.75 """, false)]
    [TestCase(""" "field": "/score", "operator": "lte", "value": 0.75 """, true)]
    [TestCase(""" "field": "/count", "operator": "eq", "value": 3.0 """, true)]
    [TestCase(""" "field": "/ok", "operator": "eq", "value": true """, true)]
    [TestCase(""" "field": "/ok", "operator": "in", "value": [false] """, false)]
    [TestCase(""" "field": "/verdict", "operator": "in", "value": ["review", "block"] """, true)]
    [TestCase(""" "field": "/tags", "operator": "contains", "value": "b" """, true)]
    [TestCase(""" "field": "/empty", "operator": "contains", "value": "b" """, false)]
    [TestCase(""" "field": "/text", "operator": "contains", "value": "BAD" """, true)]
    [TestCase(""" "field": "/text", "operator": "matches", "value": "(?i)\\bbad\\b" """, true)]
    [TestCase(""" "field": "/text", "operator": "matches", "value": "^BAD" """, false)]
    [TestCase(""" "field": "/deep/x~1y/1/hit", "operator": "eq", "value": true """, true)]
    [TestCase(""" "field": "/deep/x~1y/*/hit", "operator": "eq", "value": true """, true)]
    [TestCase(""" "field": "deep.*.0.hit", "operator": "eq", "value": true """, false)]
    [TestCase(""" "field": "/none", "operator": "exists" """, false)]
    [TestCase(""" "field": "/nowhere/at/all", "operator": "exists", "value": false """, true)]
    [TestCase(""" "field": "/empty/*", "operator": "exists" """, false)]
    [TestCase(""" "field": "$status", "operator": "eq", "value": 200 """, true)]

    // What the answer does not say, or says in another type, is no verdict.
    [TestCase(""" "field": "/nowhere", "operator": "neq", "value": "x" """, null)]
    [TestCase(""" "field": "/none", "operator": "eq", "value": "x" """, null)]
    [TestCase(""" "field": "/score", "operator": "eq", "value": "0.75" """, null)]
    [TestCase(""" "field": "/verdict", "operator": "gt", "value": 0 """, null)]
    [TestCase(""" "field": "/ok", "operator": "neq", "value": "x" """, null)]
    [TestCase(""" "field": "/tags", "operator": "neq", "value": "x" """, null)]
    [TestCase(""" "field": "/mixed", "operator": "contains", "value": "a" """, null)]
    [TestCase(""" "field": "/empty/*", "operator": "eq", "value": "x" """, null)]
    [TestCase(""" "field": "/partial/*/hit", "operator": "eq", "value": true """, null)]
    [TestCase(""" "field": "/tags/-1", "operator": "eq", "value": "a" """, null)]
    [TestCase(""" "field": "/tags/2", "operator": "eq", "value": "a" """, null)]
    public async Task Condition_OnAnAnswer_HoldsOrNotOrIsNoVerdict(string condition, bool? holds)
    {
        var verdict = await JudgeAsync($$""" "conditions": [ { {{condition}} } ] """);

        Assert.That(verdict.Failure?.Reason, Is.EqualTo(holds is null ? FailureReasons.VerdictIncomplete : null));
        Assert.That(verdict.Outcome, Is.EqualTo(holds == true ? VerdictOutcome.Block : VerdictOutcome.Allow));
    }

    [Test]
    public async Task Block_WithMessageStatusAndName_IsWordedSo()
    {
        var verdict = await JudgeAsync(""" "conditions": [ { "name": "verdict", "field": "/verdict", "operator": "eq", "value": "block", "stop_flow": true, "message": "Refused: %s {0} %d", "status_code": 451 } ] """);

        Assert.That(verdict.Refusal, Is.EqualTo(new GuardrailRefusal { Message = "Refused: verdict {0} %d", Reason = "verdict", StatusCode = 451 }));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("verdict"));
    }

    [Test]
    public async Task StopFlowFalse_ThatHolds_Flags()
    {
        var verdict = await JudgeAsync(""" "conditions": [ { "field": "/verdict", "operator": "eq", "value": "block", "stop_flow": false } ] """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("condition_1"));
    }

    [Test]
    public async Task Block_BesideAMissingField_Blocks()
    {
        var verdict = await JudgeAsync(""" "conditions": [ { "field": "/nowhere", "operator": "eq", "value": 1 }, { "field": "/score", "operator": "gte", "value": 0.5, "message": "m" } ] """);

        Assert.That(verdict.Refusal!.Message, Is.EqualTo("m"));
    }

    [TestCase("allow", null)]
    [TestCase("permit", FailureReasons.VerdictIncomplete)]
    public async Task AllowCondition_MakesUnknownWordsNoVerdict(string word, string? reason)
    {
        var verdict = await JudgeAsync(
            """ "conditions": [ { "field": "/v", "operator": "eq", "value": "allow", "action": "allow" }, { "field": "/v", "operator": "eq", "value": "block" } ] """,
            $$"""{"v":"{{word}}"}""");

        Assert.That(verdict.Failure?.Reason, Is.EqualTo(reason));
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [Test]
    public async Task Matches_OnAHostileAnswer_Ends()
    {
        var verdict = await JudgeAsync(""" "conditions": [ { "field": "/t", "operator": "matches", "value": "(a+)+$b" } ] """,
            $$"""{"t":"{{new string('a', 200_000)}}"}""");

        Assert.That(verdict.Outcome, Is.Not.EqualTo(VerdictOutcome.Block));
    }

    private static async Task<GuardrailVerdict> JudgeAsync(string conditions, string answer = Answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(200, answer);
        return await judged.CheckAsync("hi", conditions + """ , "body": { "text": "{{/input}}" } """);
    }
}
