using System.Collections.Immutable;
using LlmGuard.Streaming;

namespace LlmGuard.Planning;

/// <summary>Everything that applies to one scope at one revision. Immutable, shared by all calls of the scope.</summary>
internal sealed class EffectivePlan
{
    private readonly StagePlan[] _stages;

    public EffectivePlan(
        GuardrailScope scope,
        string revision,
        StagePlan preRequest,
        StagePlan postRequest,
        StagePlan preResponse,
        StagePlan postResponse)
    {
        Scope = scope;
        Revision = revision;
        _stages = [preRequest, postRequest, preResponse, postResponse];
        Reversible =
            [.. preRequest.Sequential.Concat(preRequest.Parallel).Where(static e => e.Evaluator is IReversibleEvaluator { Reversible: not null })];
        IsEmpty = _stages.All(s => s.IsEmpty);
    }

    public GuardrailScope Scope { get; }

    public string Revision { get; }

    public PlanLimits Limits { get; init; } = PlanLimits.Default;

    public UninspectedPolicy Uninspected { get; init; } = UninspectedPolicy.Default;

    /// <summary>The dialect the policy states, or null to find it from the path and the body.</summary>
    public string? Dialect { get; init; }

    /// <summary>Whether a policy block is answered with a completion that refuses rather than with an error.</summary>
    public bool DenyWithCompletion { get; init; }

    public StagePlan this[GuardrailStage stage] => _stages[(int)stage];

    public bool IsEmpty { get; }

    /// <summary>The enforcing entries whose masks of the request are undone in the answer.</summary>
    public ImmutableArray<PlanEntry> Reversible { get; }

    /// <summary>Whether answers are read to put originals back.</summary>
    public bool Restores => !Reversible.IsEmpty;

    /// <summary>How answers that arrive in pieces are judged. Made on first use.</summary>
    public StreamPlan Streaming => field ??= StreamPlan.Of(this[GuardrailStage.PreResponse]);
}
