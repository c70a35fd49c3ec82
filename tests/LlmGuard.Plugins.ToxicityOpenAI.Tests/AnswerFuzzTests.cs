using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Tests.Answers;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

/// <summary>
/// Answers with something changed somewhere: a naive reader says which of them clear the text; the judge clears no other.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Seed = 20261121;

    private static readonly string[] Base =
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual",
        "sexual/minors", "violence", "violence/graphic",
    ];

    private static readonly string[] All = [.. Base, "illicit", "illicit/violent"];

    [Test]
    public async Task Judge_ChangedAnswer_ClearsOnlyWhatIsWholeAndClean()
    {
        var rounds = FuzzBudget.Of(600);
        var random = new Random(Seed);
        await using var judged = await Judged.StartAsync();
        var answer = "";
        var cleared = 0;
        judged.Fake.Faults.Always = Fault.Changed(body => answer = ChangedAnswer.Of(body, random, "hate", 0));
        for (var round = 0; round < rounds; round++)
        {
            var verdict = await judged.JudgeAsync("text");
            var isCleared = verdict is { Failure: null, Outcome: VerdictOutcome.Allow };
            Assert.That(isCleared, Is.EqualTo(IsClean(JsonNode.Parse(answer))), answer);
            cleared += isCleared ? 1 : 0;
        }

        Assert.That(cleared, Is.InRange(1, rounds - 1), "both happen");
    }

    private static bool IsClean(JsonNode? answer)
    {
        if (answer is not JsonObject root || root["results"] is not JsonArray { Count: 1 } results || results[0] is not JsonObject result
            || result["categories"] is not JsonObject flags || result["category_scores"] is not JsonObject scores)
        {
            return false;
        }

        return IsFalse(result["flagged"])
            && flags.All(f => All.Contains(f.Key) && (f.Value is null || IsFalse(f.Value)))
            && scores.All(s => All.Contains(s.Key)
                && (s.Value is null || (s.Value.GetValueKind() == System.Text.Json.JsonValueKind.Number
                    && double.Parse(s.Value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) is >= 0 and <= 1)))
            && Base.All(c => flags[c] is not null && scores[c] is not null);
    }

    private static bool IsFalse(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.False;
}
