using LlmGuard.Caching;
using LlmGuard.Tests.Execution.Doubles;

namespace LlmGuard.Tests.Caching;

public sealed class EvaluatorKeysTests
{
    [Test]
    public void Of_EveryEvaluatorAndStage_HasANumberOfItsOwn()
    {
        var evaluators = Enumerable.Range(0, 100).Select(_ => new WordEvaluator("bad")).ToArray();
        var halves = evaluators
            .SelectMany(evaluator => Enum.GetValues<GuardrailStage>().Select(stage => EvaluatorKeys.Of(evaluator)[stage]))
            .SelectMany(key => new[] { (ulong)key, (ulong)(key >> 64) });

        Assert.That(halves, Is.Unique);
    }

    [Test]
    public void Of_OneEvaluator_KeepsItsNumbers()
    {
        var evaluator = new WordEvaluator("bad");

        var first = EvaluatorKeys.Of(evaluator);

        Assert.That(EvaluatorKeys.Of(evaluator), Is.SameAs(first));
    }
}
