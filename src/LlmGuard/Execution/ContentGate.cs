using LlmGuard.Planning;
using LlmGuard.Policy;

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
            var tooMany = new EngineFailure(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded), TooLarge)
            {
                Detail = "it holds more texts than the policy allows",
            };
            return new GateFinding(tooMany, null, false);
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
        var refused = PolicyWords.UninspectedKinds.Where(k => counts.ContainsKey(k.Value) && policy.For(k.Value) == UninspectedAction.Block).ToList();
        var failure = refused.Count == 0 ? null : new EngineFailure(new GuardrailFailure(FailureClass.Input, FailureReasons.Uninspected), Forbidden)
        {
            Detail = "it holds what nobody can inspect and the policy refuses: " + string.Join(", ", refused.Select(k => k.Key)),
        };
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
internal sealed record EngineFailure(GuardrailFailure Failure, int StatusCode, TimeSpan? RetryAfter = null)
{
    /// <summary>What the caller is told of it: half a sentence on request or answer, without content; null for what the reason says.</summary>
    public string? Detail { get; init; }
}
