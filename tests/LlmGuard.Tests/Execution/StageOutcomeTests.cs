using LlmGuard.Execution;
using LlmGuard.Execution.Edits;
using LlmGuard.Tests.Execution.Doubles;

namespace LlmGuard.Tests.Execution;

/// <summary>Which of several conclusions a decision is put down to, beside what the engine itself finds.</summary>
public sealed class StageOutcomeTests
{
    private static readonly EngineFailure TooMuch = new(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded), 413);

    [TestCase(VerdictOutcome.Flag)]
    [TestCase(VerdictOutcome.Modify)]
    [TestCase(VerdictOutcome.Block)]
    public void Plugin_SeveralOfTheHighestRank_IsTheFirstOfThem(VerdictOutcome outcome)
    {
        var made = Outcome(default, ("allowing", VerdictOutcome.Allow), ("first", outcome), ("second", outcome), ("flagging", VerdictOutcome.Flag));

        Assert.That((made.Plugin, made.IsOwn), Is.EqualTo(("first", false)));
    }

    [Test]
    public void Action_EngineRefusesWhatEntriesOnlyMarked_IsTheEnginesRefusal(
        [Values(VerdictOutcome.Flag, VerdictOutcome.Modify)] VerdictOutcome marked)
    {
        var made = Outcome(new GateFinding(TooMuch, null, false), ("entry", marked));

        Assert.That((made.Action, made.Rank, made.IsOwn, made.Plugin),
            Is.EqualTo((GuardrailAction.Block, DecisionRank.Uninspectable, true, (string?)null)));
    }

    [Test]
    public void Action_EntryBlocksWhatTheEngineRefuses_IsTheEntrysBlock()
    {
        var made = Outcome(new GateFinding(TooMuch, null, false), ("entry", VerdictOutcome.Block));

        Assert.That((made.Action, made.IsOwn, made.Plugin), Is.EqualTo((GuardrailAction.Block, false, "entry")));
    }

    [TestCase(VerdictOutcome.Allow, GuardrailAction.Flag, null)]
    [TestCase(VerdictOutcome.Modify, GuardrailAction.Modify, "entry")]
    public void Action_EngineFlagsWhatEntriesJudge_IsTheSeverer(VerdictOutcome judged, GuardrailAction expected, string? plugin)
    {
        var made = Outcome(new GateFinding(null, null, true), ("entry", judged));

        Assert.That((made.Action, made.Plugin), Is.EqualTo((expected, plugin)));
    }

    private static StageOutcome Outcome(GateFinding gate, params (string Plugin, VerdictOutcome Outcome)[] conclusions) => new(
        GuardrailStage.PreRequest,
        [.. conclusions.Select(c => new Conclusion { Entry = Entries.Entry(c.Plugin, GuardrailVerdict.Allow), Outcome = c.Outcome })],
        new EditComposition(GuardrailContent.Empty),
        gate,
        TimeSpan.Zero);
}
