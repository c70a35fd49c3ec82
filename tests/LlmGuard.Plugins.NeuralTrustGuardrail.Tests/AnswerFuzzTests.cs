using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.NeuralTrust;
using LlmGuard.Tests.Answers;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Tests;

/// <summary>
/// Answers with something changed somewhere: what passes, passes because the answer says so, and what is transformed reads exactly as the answer
/// says.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Seed = 20261122;
    private const string Text = "I am " + FakeNeuralTrust.Private + "!";

    private static readonly string[] Words = ["allow", "", "report", "transform", "block", "BLOCK", "text", "user", "assistant"];

    [Test]
    public async Task Judge_ChangedAnswer_PassesAndTransformsOnlyWhatItSays()
    {
        var rounds = FuzzBudget.Of(600);
        var random = new Random(Seed);
        await using var judged = await Judged.StartAsync();
        var answer = "";
        judged.Fake.Faults.Always = Fault.Changed(body => answer = ChangedAnswer.Of(body, random, Words));
        var evaluator = judged.Evaluator(Judged.Guard);
        int passed = 0, transformed = 0, refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var verdict = await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText(Text, SegmentRole.User)), default);
            var root = JsonNode.Parse(answer)!.AsObject();
            if (verdict.Failure is not null || verdict.Outcome == VerdictOutcome.Block)
            {
                refused++;
            }
            else if (verdict.Outcome == VerdictOutcome.Modify)
            {
                transformed++;
                Assert.That(EditedText.Of(Text, verdict), Is.EqualTo((string?)root["transformed_payload"]!["messages"]![0]!["content"]), answer);
            }
            else
            {
                passed++;
                Assert.That((string?)root["status"], Is.AnyOf("", "allow", "report"), answer);
            }
        }

        Assert.That(new[] { passed, transformed, refused }, Has.All.GreaterThan(0), "all three happen");
    }
}
