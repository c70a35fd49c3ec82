using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Tests.Answers;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>
/// Answers with something changed somewhere: what passes, passes because the answer says so, and what is masked reads exactly as the answer says.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Seed = 20261122;
    private const string Text = "Write to alice@example.com!";

    private static readonly string[] Words =
        ["allow", "Alert", "MASK", "ask", "block", "text", "", "Write to ***!", "another ***!", "user", "assistant"];

    [Test]
    public async Task Judge_ChangedAnswer_PassesAndMasksOnlyWhatItSays([Values] bool tellsAction)
    {
        var rounds = FuzzBudget.Of(600);
        var random = new Random(Seed);
        await using var judged = await Judged.StartAsync();
        judged.Fake.TellsAction = tellsAction;
        var answer = "";
        judged.Fake.Faults.Always = Fault.Changed(body => answer = ChangedAnswer.Of(body, random, Words));
        var evaluator = judged.Evaluator(""" "anonymize_input": true """);
        int passed = 0, masked = 0, refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var verdict = await evaluator.EvaluateAsync(Judged.Call(Text), default);
            var root = JsonNode.Parse(answer)!.AsObject();
            if (verdict.Failure is not null || verdict.Outcome == VerdictOutcome.Block)
            {
                refused++;
            }
            else if (verdict.Outcome == VerdictOutcome.Modify)
            {
                masked++;
                Assert.That(EditedText.Of(Text, verdict),
                    Is.EqualTo((string?)root["scanResult"]![0]!["results"]!["anonymizedContent"]!["anonymized"]), answer);
            }
            else
            {
                passed++;
                Assert.That(SaysPass(root), Is.True, answer);
            }
        }

        Assert.That(new[] { passed, masked, refused }, Has.All.GreaterThan(0), "all three happen");
    }

    private static bool SaysPass(JsonObject root) => root["aggregatedAction"] is { } action
        ? action.GetValueKind() == JsonValueKind.String && ((string)action!).ToUpperInvariant() is "ALLOW" or "ALERT"
        : root["aggregatedScanResult"]?.GetValueKind() == JsonValueKind.False;
}
