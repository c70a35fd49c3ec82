namespace LlmGuard.Planning;

/// <summary>The plan of a call, or why the path is refused.</summary>
internal readonly record struct ScopeResolution(EffectivePlan? Plan, bool IsAmbiguousPath, bool IsUnidentifiedRefused);
