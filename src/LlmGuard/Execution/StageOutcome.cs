using LlmGuard.Execution.Edits;

namespace LlmGuard.Execution;

/// <summary>What the entries of a stage concluded and what the engine itself found: all a decision is made of.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Conclusions">The entries' conclusions, in plan order.</param>
/// <param name="Edits">The edits carried out.</param>
/// <param name="Gate">What the engine found before any entry ran.</param>
/// <param name="Elapsed">How long the stage took.</param>
internal readonly record struct StageOutcome(
    GuardrailStage Stage,
    Conclusion[] Conclusions,
    EditComposition Edits,
    GateFinding Gate,
    TimeSpan Elapsed)
{
    /// <summary>
    /// The conclusion that brought the decision about: the first, in plan order, of the highest rank; null when nothing stands out.
    /// </summary>
    public Conclusion? Leading { get; } = Lead(Stage, Conclusions);

    /// <summary>The rank of the decision.</summary>
    public DecisionRank Rank
    {
        get
        {
            var rank = Leading is null ? DecisionRank.Allow : Ranking.Of(Leading, Stage);
            var own = Gate.Failure is { } failure ? Ranking.Of(failure.Failure, Stage, FailurePolicy.Block)
                : Gate.IsFlagged ? DecisionRank.Flag
                : DecisionRank.Allow;
            return own > rank ? own : rank;
        }
    }

    /// <summary>Whether the engine's own finding, rather than a conclusion, brought the decision about.</summary>
    public bool IsOwn => Gate.Failure is not null && (Leading is null || Ranking.Of(Leading, Stage) < Rank);

    public GuardrailAction Action => Ranking.ActionOf(Rank, Stage);

    /// <summary>The plugin that brought the decision about, or null.</summary>
    public string? Plugin => IsOwn || Rank == DecisionRank.Allow ? null : Leading?.Entry.Plugin.Name;

    private static Conclusion? Lead(GuardrailStage stage, Conclusion[] conclusions)
    {
        Conclusion? leading = null;
        var highest = DecisionRank.Allow;
        foreach (var conclusion in conclusions)
        {
            var rank = Ranking.Of(conclusion, stage);
            if (rank > highest)
            {
                highest = rank;
                leading = conclusion;
            }
        }

        return leading;
    }
}
