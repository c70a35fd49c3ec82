namespace LlmGuard;

/// <summary>What runs at one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Entries">
/// The entries in the order in which they run: the sequential ones, then those that run at once, then those that only monitor.
/// </param>
public sealed record GuardrailStageExplanation(GuardrailStage Stage, IReadOnlyList<GuardrailEntryExplanation> Entries);
