using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

/// <summary>Results are made of conclusions when somebody looks, and are the same whoever looks.</summary>
public sealed class DecisionResultsTests
{
    [Test]
    public async Task Results_SeveralLookAtOnce_SeeTheSame()
    {
        for (var round = 0; round < 200; round++)
        {
            using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("a", GuardrailVerdict.Allow), Entry("b", GuardrailVerdict.Allow)));
            var decision = await harness.Guardrails.EvaluateAsync(
                GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));
            var seen = new IReadOnlyList<EntryResult>[4];
            Parallel.For(0, seen.Length, i => seen[i] = decision.Results);

            Assert.That(seen, Has.All.SameAs(seen[0]));
            Assert.That(seen[0].Select(static r => r.Entry.Plugin), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(seen[0][0], Is.SameAs(decision.Results[0]));
        }
    }

    [Test]
    public async Task Results_NoEntry_AreEmpty()
    {
        using var harness = new Harness(At(GuardrailStage.PreRequest));
        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));

        Assert.That(decision.Results, Is.Empty);
    }
}
