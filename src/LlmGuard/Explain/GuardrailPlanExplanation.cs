namespace LlmGuard;

/// <summary>What applies to a call and where it comes from. Immutable; <see cref="ToString"/> is meant to be read.</summary>
public sealed class GuardrailPlanExplanation
{
    internal GuardrailPlanExplanation()
    {
    }

    /// <summary>The policy's revision.</summary>
    public required string Revision { get; init; }

    /// <summary>What the policy resolves the call to.</summary>
    public required GuardrailScope Scope { get; init; }

    /// <summary>
    /// Whether the call is refused because its path reads differently to different servers and one reading belongs to another rule.
    /// </summary>
    public required bool IsAmbiguousPath { get; init; }

    /// <summary>Whether the call is refused because the policy demands an identified caller.</summary>
    public required bool IsUnidentifiedRefused { get; init; }

    /// <summary>The four stages in the order of a call.</summary>
    public required IReadOnlyList<GuardrailStageExplanation> Stages { get; init; }

    /// <summary>Every inherited entry that was replaced, switched off or weakened, and by which entry.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>The limits by their keys in the policy, such as <c>max_body_bytes</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Limits { get; init; }

    /// <summary>What happens to content that cannot be read, by kind: <c>block</c>, <c>flag</c> or <c>allow</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Uninspected { get; init; }

    /// <summary><c>error</c> or <c>completion</c>.</summary>
    public required string DenyWith { get; init; }

    /// <summary>The dialect the policy states; null when it is found from the path and the body.</summary>
    public required string? Dialect { get; init; }

    /// <summary>
    /// Most bytes of a streamed text channel that are held back before they are released, 0 when nothing reads answers; null when an entry judges
    /// the text as a whole, so that what is held depends on its <c>streaming</c> options and not on a reach.
    /// </summary>
    public required int? HoldBackBytes { get; init; }

    /// <summary>Why an answer that arrives in pieces is held whole, or null when it is judged while it arrives.</summary>
    public required string? WhyStreamsAreHeld { get; init; }

    /// <summary>Remarks on the document: keys without effect here, the kind a bare document was taken for.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The whole explanation as text, one line per fact. For people: the wording may change.</summary>
    public override string ToString() => Explain.ExplanationText.Of(this);
}
