using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

/// <summary>
/// Answers with something changed somewhere: a naive reader says which of them clear the text; the judge clears no other. More rounds with
/// LLMGUARD_FUZZ_ROUNDS.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Seed = 20261121;

    private static readonly string[] Base =
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors",
        "violence", "violence/graphic",
    ];

    private static readonly string[] All = [.. Base, "illicit", "illicit/violent"];

    [Test]
    public async Task Judge_ChangedAnswer_ClearsOnlyWhatIsWholeAndClean()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("LLMGUARD_FUZZ_ROUNDS"), out var given) ? given : 600;
        var random = new Random(Seed);
        await using var judged = await Judged.StartAsync();
        var answer = "";
        var cleared = 0;
        judged.Fake.Faults.Always = Fault.Changed(body => answer = Change(body, random));
        for (var round = 0; round < rounds; round++)
        {
            var verdict = await judged.JudgeAsync("text");
            var isCleared = verdict is { Failure: null, Outcome: VerdictOutcome.Allow };
            Assert.That(isCleared, Is.EqualTo(IsClean(JsonNode.Parse(answer))), answer);
            cleared += isCleared ? 1 : 0;
        }

        Assert.That(cleared, Is.InRange(1, rounds - 1), "both happen");
    }

    private static string Change(string body, Random random)
    {
        var root = JsonNode.Parse(body)!;
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var node = root;
            while (true)
            {
                var isLeafNext = random.Next(4) == 0;
                if (node is JsonObject { Count: > 0 } members)
                {
                    var (name, child) = members.ElementAt(random.Next(members.Count));
                    if (isLeafNext || child is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
                    {
                        ChangeMember(members, name, random);
                        break;
                    }

                    node = child;
                }
                else if (node is JsonArray { Count: > 0 } items)
                {
                    var index = random.Next(items.Count);
                    if (isLeafNext || items[index] is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
                    {
                        items[index] = Other(random);
                        break;
                    }

                    node = items[index]!;
                }
                else
                {
                    break;
                }
            }
        }

        return root.ToJsonString();
    }

    private static void ChangeMember(JsonObject members, string name, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                members["x" + name] = Other(random);
                break;
            default:
                members[name] = Other(random);
                break;
        }
    }

    private static JsonNode? Other(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(false),
        3 => JsonValue.Create(0.25),
        4 => JsonValue.Create(-1),
        5 => JsonValue.Create("text"),
        6 => new JsonArray(),
        _ => new JsonObject(),
    };

    private static bool IsClean(JsonNode? answer)
    {
        if (answer is not JsonObject root || root["results"] is not JsonArray { Count: 1 } results || results[0] is not JsonObject result
            || result["categories"] is not JsonObject flags || result["category_scores"] is not JsonObject scores)
        {
            return false;
        }

        return IsFalse(result["flagged"])
            && flags.All(f => All.Contains(f.Key) && (f.Value is null || IsFalse(f.Value)))
            && scores.All(s => All.Contains(s.Key) && (s.Value is null || (s.Value.GetValueKind() == System.Text.Json.JsonValueKind.Number && double.Parse(s.Value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) is >= 0 and <= 1)))
            && Base.All(c => flags[c] is not null && scores[c] is not null);
    }

    private static bool IsFalse(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.False;
}
