namespace LlmGuard.Planning;

/// <summary>The plan of a call, and whether the call is refused before any stage.</summary>
/// <param name="Plan">
/// What applies. Never null from <see cref="ScopeTable"/>: a refused call has one too, for its scope, dialect and options (the plan without rule when
/// the path is ambiguous). Ask the other two first.
/// </param>
/// <param name="IsAmbiguousPath">Whether some reading of the path belongs to another rule than the path as sent, or to one where that has
/// none.</param>
/// <param name="IsUnidentifiedRefused">Whether the policy refuses callers without identity and this is one.</param>
internal readonly record struct ScopeResolution(EffectivePlan? Plan, bool IsAmbiguousPath, bool IsUnidentifiedRefused)
{
    /// <summary>Whether the call is neither refused nor does anything apply to it.</summary>
    public bool IsPassed => Plan is { IsEmpty: true } && !IsAmbiguousPath && !IsUnidentifiedRefused;
}
