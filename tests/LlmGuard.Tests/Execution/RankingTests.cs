using LlmGuard.Execution;
using LlmGuard.Tests.Execution.Doubles;

namespace LlmGuard.Tests.Execution;

/// <summary>What conclusions come to that no verdict shows: those that were cancelled, that monitor, or that come after the answer.</summary>
public sealed class RankingTests
{
    private static readonly GuardrailFailure Down = new(FailureClass.Availability, FailureReasons.Timeout);

    [Test]
    public void Of_Cancelled_IsNothing() => Assert.That(
        Ranking.Of(Conclusion.Cancelled(Entry(), TimeSpan.Zero), GuardrailStage.PreRequest), Is.EqualTo(DecisionRank.Allow));

    [TestCase(FailurePolicy.Allow, ExpectedResult = true)]
    [TestCase(FailurePolicy.Block, ExpectedResult = false)]
    public bool IsFailedOpen_Enforcing_AsItsEntrySays(FailurePolicy onError) =>
        Ranking.IsFailedOpen(new Conclusion { Entry = Entry(onError), Failure = Down }, GuardrailStage.PreRequest);

    [Test]
    public void IsFailedOpen_Monitoring_IsFalse() => Assert.That(
        Ranking.IsFailedOpen(new Conclusion { Entry = Entry(FailurePolicy.Allow, monitor: true), Failure = Down }, GuardrailStage.PreRequest),
        Is.False);

    [Test]
    public void ActionOf_Refusal_IsABlockUntilTheAnswerIsGone(
        [Values] GuardrailStage stage,
        [Values(DecisionRank.Availability, DecisionRank.Uninspectable, DecisionRank.Block)] object rank) => Assert.That(
        Ranking.ActionOf((DecisionRank)rank, stage),
        Is.EqualTo(stage == GuardrailStage.PostResponse ? GuardrailAction.Flag : GuardrailAction.Block));

    private static LlmGuard.Planning.PlanEntry Entry(FailurePolicy onError = FailurePolicy.Block, bool monitor = false) =>
        Entries.Entry("plugin", new ScriptedEvaluator(GuardrailVerdict.Allow), monitor: monitor, onError: onError);
}
