using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Tests.Answers;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>
/// Answers with something changed somewhere: a naive reader says which of them clear the content; the judge clears no other.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Seed = 20261122;

    private static readonly string[] All = ["Hate", "SelfHarm", "Sexual", "Violence"];

    [Test]
    public async Task Judge_ChangedAnalysis_ClearsOnlyWhatIsWholeAndClean() => await RunAsync(
        "\"blocklists\": [\"rivals\"]",
        GuardrailContent.FromText("text", SegmentRole.User),
        answer => answer["blocklistsMatch"] is JsonArray { Count: 0 } && AreClean(answer["categoriesAnalysis"]));

    [Test]
    public async Task Judge_ChangedShields_ClearsOnlyWhatIsWholeAndClean() => await RunAsync(
        "\"checks\": [\"prompt_shields\"]",
        Judged.Texts((SegmentRole.User, SegmentKind.Message, "hello"), (SegmentRole.Tool, SegmentKind.ToolResult, new string('a', 1_500)),
            (SegmentRole.Tool, SegmentKind.ToolResult, new string('b', 1_500))),
        answer => IsFalse(answer["userPromptAnalysis"], "attackDetected")
            && answer["documentsAnalysis"] is JsonArray { Count: 2 } documents
            && documents.All(d => IsFalse(d, "attackDetected")));

    private static async Task RunAsync(string settings, GuardrailContent content, Func<JsonObject, bool> isClean)
    {
        var rounds = FuzzBudget.Of(400);
        var random = new Random(Seed);
        await using var judged = await Judged.StartAsync();
        judged.Fake.SetBlocklist("rivals", "acme");
        var evaluator = judged.Evaluator(settings);
        var answer = "";
        var cleared = 0;
        judged.Fake.Faults.Always = Fault.Changed(body => answer = ChangedAnswer.Of(body, random, "Hate", 0, 4));
        for (var round = 0; round < rounds; round++)
        {
            var verdict =
                await evaluator.EvaluateAsync(new GuardrailCall(GuardrailStage.PreRequest, content) { Timeout = TimeSpan.FromSeconds(20) }, default);
            var isCleared = verdict is { Failure: null, Outcome: VerdictOutcome.Allow };
            Assert.That(isCleared, Is.EqualTo(JsonNode.Parse(answer) is JsonObject root && isClean(root)), answer);
            cleared += isCleared ? 1 : 0;
        }

        Assert.That(cleared, Is.InRange(1, rounds - 1), "both happen");
    }

    private static bool AreClean(JsonNode? analysis)
    {
        if (analysis is not JsonArray items || !items.All(i => i is JsonObject && Word(i["category"]) is { } c && All.Contains(c)))
        {
            return false;
        }

        // A known category without a severity counts for nothing, so that another one of it must be there.
        return items.All(i => i!["severity"] is null || IsZero(i["severity"]))
            && All.All(c => items.Any(i => Word(i!["category"]) == c && IsZero(i["severity"])));
    }

    private static string? Word(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static bool IsZero(JsonNode? node) => node?.ToJsonString() == "0";

    private static bool IsFalse(JsonNode? node, string member) => node is JsonObject given && given[member]?.GetValueKind() == JsonValueKind.False;
}
