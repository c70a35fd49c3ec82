namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

[TestFixture]
public sealed class TokenSettingsTests
{
    private static readonly TestCaseData[] Refused =
    [
        Case("""{}""", "$: limit nothing"),
        Case("""{"bucket_size":5}""", "$.tokens_per_minute: is required with bucket_size"),
        Case("""{"tokens_per_minute":0}""", "$.tokens_per_minute: 0 is out of range"),
        Case("""{"tokens_per_minute":10,"bucket_size":5,"tokens_per_request":6}""", "$.tokens_per_request: is more than the bucket holds"),
        Case("""{"aggregate":{"max":1.5,"time_window":"1m"}}""", "$.aggregate.max: must be a whole number of tokens"),
        Case("""{"aggregate":{"max":10}}""", "$.aggregate.time_window: is required"),
        Case("""{"rules":[{"max":10,"time_window":"1m"}]}""", "$.rules[0].model: is required"),
        Case("""{"rules":[{"model":"a\"b","max":10,"time_window":"1m"}]}""", "$.rules[0].model: has characters"),
        Case("""{"windows":[{"max":10,"time_window":"1m"},{"max":20,"time_window":"60s"}]}""", "$.windows: limit the same by the same window twice"),
        Case("""{"unit":"dollars","aggregate":{"max":1,"time_window":"1m"}}""", "$.prices: is required for a budget in dollars"),
        Case("""{"cost_cap":{"max_input_cost_per_1k_tokens":1}}""", "$.prices: is required for a cost_cap"),
        Case("""{"cost_cap":{"enabled":true},"prices":[{"model":"a","input":1,"output":1}]}""", "$.cost_cap: caps nothing"),
        Case("""{"prices":[{"model":"a","input":1}],"max_tokens":1}""", "$.prices[0].output: is required"),
        Case("""{"max_tokens":1,"downgrade_to":"x"}""", "$.downgrade_to: goes with"),
        Case("""{"max_tokens":1,"behavior_on_exceeded":"downgrade_model"}""", "$.downgrade_to: goes with"),
        Case("""{"max_tokens":1,"by":"header"}""", "$.name: is required"),
        Case("""{"max_tokens":1,"group_by_header":"X-Tenant"}""", "$.group_by_header: unknown key"),
    ];

    [TestCaseSource(nameof(Refused))]
    public void Read_Wrong_SaysWhere(string json, string problem) =>
        Assert.That(new Budgets(json).Settings.Problems.Select(p => $"{p.Path}: {p.Message}"), Has.Some.StartsWith(problem));

    [TestCase("""{"tokens_per_request":20,"tokens_per_minute":60,"bucket_size":100,"requests_per_minute":50}""")]
    [TestCase("""{"window":{"unit":"hour","max":1000}}""")]
    [TestCase("""{"unit":"tokens","counting":"total","rules":[{"model":"gpt-*","max":100,"time_window":"1d"}],"aggregate":{"max":1000,"time_window":"1h"},"behavior_on_exceeded":"reject"}""")]
    [TestCase("""{"max_concurrent":4}""")]
    public void Read_Valid_HasNoProblems(string json) => Assert.That(new Budgets(json).Settings.Problems, Is.Empty);

    private static TestCaseData Case(string json, string problem) => new TestCaseData(json, problem).SetArgDisplayNames(problem);
}
