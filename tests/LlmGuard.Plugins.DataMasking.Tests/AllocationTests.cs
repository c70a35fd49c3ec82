using LlmGuard.Tests.Allocation;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>What an evaluation works with is kept for later ones: it costs them nothing, and nothing of it is seen by them.</summary>
public sealed class AllocationTests
{
    private const string Settings = """{ "apply_all": true, "predefined_entities": [{ "entity": "iban", "action": "block" }] }""";

    [Test]
    public void EvaluateAsync_CleanProse_AllocatesNothing()
    {
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 3; i++)
        {
            builder.AddText("The report is due on Friday, and nobody has asked for it yet.",
                new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        Assert.That(CleanCall.LeastAllocated(Masking.Evaluator(Settings), builder.Build()), Is.Zero);
    }

    [Test]
    public async Task EvaluateAsync_AnyCallAfterAnyOther_SaysWhatItSaysAlone()
    {
        string[] texts =
        [
            "nothing at all", "write to jane@mail.example.com", "pay to DE89370400440532013000",
            "call 555 0100 or mail a@b.example.org and c@d.example.org",
            "4111 1111 1111 1111", "", "a note",
        ];
        var contents = Array.ConvertAll(texts, static text => GuardrailContent.FromText(text, SegmentRole.User));
        var alone = Array.ConvertAll(contents, static content => Said(Masking.Evaluate(Settings, content)));
        var evaluator = Masking.Evaluator(Settings);
        var wrong = 0;

        await Parallel.ForAsync(0, 8, async (seed, cancellation) =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 300; i++)
            {
                var at = random.Next(contents.Length);
                var call = new GuardrailCall(GuardrailStage.PreRequest, contents[at]);
                var verdict = await evaluator.EvaluateAsync(call, cancellation);
                Interlocked.Add(ref wrong, Said(verdict) == alone[at] ? 0 : 1);
            }
        });

        Assert.That(alone.Distinct().Count(), Is.GreaterThan(4), "they say different things");
        Assert.That(wrong, Is.Zero);
    }

    private static string Said(GuardrailVerdict verdict)
    {
        var edits = verdict.Edits.Select(static e => $"{e.Segment} {e.Span}");
        return $"{verdict.Outcome} {verdict.Failure} {string.Join("; ", verdict.Findings)} {string.Join("; ", edits)}";
    }
}
