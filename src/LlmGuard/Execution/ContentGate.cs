using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What the engine itself objects to before any entry runs: too many segments, and payloads nobody can inspect.</summary>
internal static class ContentGate
{
    private const int TooLarge = 413;
    private const int Forbidden = 403;

    /// <summary>Checks a stage's content, when an enforcing entry of the stage is there to inspect it.</summary>
    public static GateFinding Check(GuardrailContent content, StagePlan stage, EffectivePlan plan)
    {
        if ((stage.EnforcedNeeds & GuardrailNeeds.Content) == 0)
        {
            return default;
        }

        if (content.TotalCount > plan.Limits.MaxSegments)
        {
            return new GateFinding(new EngineFailure(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded), TooLarge), null, false);
        }

        SortedDictionary<UninspectedKind, int>? counts = null;
        foreach (var segment in content)
        {
            if (segment.Payload != PayloadKind.Text)
            {
                var kind = segment.Uninspected ?? UninspectedKind.File;
                counts ??= [];
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
            }
        }

        return counts is null ? default : Judge(counts, plan.Uninspected);
    }

    private static GateFinding Judge(SortedDictionary<UninspectedKind, int> counts, UninspectedPolicy policy)
    {
        var failure = counts.Keys.Any(k => policy.For(k) == UninspectedAction.Block)
            ? new EngineFailure(new GuardrailFailure(FailureClass.Input, FailureReasons.Uninspected), Forbidden)
            : null;
        return new GateFinding(failure, [.. counts], counts.Keys.Any(k => policy.For(k) == UninspectedAction.Flag));
    }
}

/// <summary>What the gate found. The default value: nothing.</summary>
/// <param name="Failure">Why the content is refused, or null.</param>
/// <param name="NotInspected">What cannot be inspected, by kind and how often; null for nothing.</param>
/// <param name="IsFlagged">Whether the policy wants that noted.</param>
internal readonly record struct GateFinding(EngineFailure? Failure, KeyValuePair<UninspectedKind, int>[]? NotInspected, bool IsFlagged);

/// <summary>A failure that is nobody's in particular.</summary>
/// <param name="Failure">Class and reason.</param>
/// <param name="StatusCode">Status of an input refusal.</param>
/// <param name="RetryAfter">When to try again, or null.</param>
internal sealed record EngineFailure(GuardrailFailure Failure, int StatusCode, TimeSpan? RetryAfter = null);
