using LlmGuard.FakeClouds.Azure;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>
/// Contents of any shape: what is harmful in them is found wherever it stands, what is clean passes, and no request breaks Azure's limits.
/// </summary>
public sealed class CoverageTests
{
    private const int Seed = 20261122;

    private static readonly SegmentRole[] Roles =
        [SegmentRole.System, SegmentRole.User, SegmentRole.Assistant, SegmentRole.Tool, SegmentRole.Unknown];
    private static readonly SegmentKind[] Kinds =
        [SegmentKind.Message, SegmentKind.ToolResult, SegmentKind.ToolCall, SegmentKind.Document, SegmentKind.Unknown];
    private static readonly string[] Units = ["x", " word", "\n", "é", "中", "😀", "\u0001", "\""];

    [Test]
    public async Task Judge_AnyContent_FindsWhatIsHarmfulAndNothingElse()
    {
        var rounds = FuzzBudget.Of(60);
        var random = new Random(Seed);
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(""" "checks": ["text", "images", "prompt_shields", "protected_material"] """);
        for (var round = 0; round < rounds; round++)
        {
            var (content, expected) = Content(random);
            var stage = random.Next(3) == 0 ? GuardrailStage.PreResponse : GuardrailStage.PreRequest;
            var verdict = await evaluator.EvaluateAsync(new GuardrailCall(stage, content) { Timeout = TimeSpan.FromSeconds(20) }, default);

            Assert.That(verdict.Failure, Is.Null, $"round {round}");
            Assert.That(verdict.Refusal?.Reason, Is.EqualTo(expected), $"round {round}");
        }

        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    private static (GuardrailContent Content, string? Expected) Content(Random random)
    {
        var builder = new GuardrailContentBuilder();
        var count = random.Next(1, 9);
        var harmful = random.Next(2) == 0 ? random.Next(count) : -1;
        for (var i = 0; i < count; i++)
        {
            var unit = Units[random.Next(Units.Length)];
            var length = random.Next(4) switch { 0 => 0, 1 => random.Next(1, 120), 2 => random.Next(1, 2_500), _ => random.Next(1, 12_000) };
            var text = string.Concat(Enumerable.Repeat(unit, length));
            var at = Boundary(text, random);
            builder.AddText(
                i == harmful ? text[..at] + " " + FakeAzureContentSafety.TriggerOf("Violence") + " " + text[at..] : text,
                new SegmentInfo { Role = Roles[random.Next(Roles.Length)], Kind = Kinds[random.Next(Kinds.Length)],
                    Join = random.Next(3) == 0 ? 0 : -1 });
        }

        return (builder.Build(), harmful < 0 ? null : "violence");
    }

    private static int Boundary(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        return at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
    }
}
