using LlmGuard.Planning;
using LlmGuard.Policy;

namespace LlmGuard.Execution;

/// <summary>The engine's front: resolves calls to plans and hands out guarded calls.</summary>
internal sealed class AiGuardrails(IPolicyProvider policies, ExecutionServices services) : IAiGuardrails
{
    private static readonly Refusal AmbiguousPath = new()
    {
        StatusCode = 400,
        Code = RefusalCodes.AmbiguousPath,
        Message = "The path can be read in more than one way.",
        Reason = RefusalCodes.AmbiguousPath,
    };

    private static readonly Refusal Unidentified = new()
    {
        StatusCode = 403,
        Code = RefusalCodes.Unidentified,
        Message = "The caller is not identified.",
        Reason = RefusalCodes.Unidentified,
    };

    public GuardedCall Begin(GuardedCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var lease = options.Revision ?? policies.Acquire();
        try
        {
            var resolution = options.Resolution ?? lease.Resolve(options.ScopeQuery);
            var refusal = resolution.IsAmbiguousPath ? AmbiguousPath : resolution.IsUnidentifiedRefused ? Unidentified : null;
            var plan = refusal is null && !GuardrailSuppression.IsSuppressed ? resolution.Plan : null;
            return new GuardedCallCore(services, options, lease, plan ?? Nothing(lease, resolution.Plan), refusal);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public async ValueTask<GuardrailDecision> EvaluateAsync(
        GuardrailStage stage,
        GuardrailContent content,
        GuardedCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var call = Begin(options ?? new GuardedCallOptions());
        await using (call.ConfigureAwait(false))
        {
            var decision = await call.EvaluateAsync(stage, content, cancellationToken).ConfigureAwait(false);
            call.Complete(decision.IsAllowed ? CallEnding.Completed : CallEnding.Blocked);
            return decision;
        }
    }

    /// <summary>The plan of a call that no entry applies to: refused before any stage, or made by an evaluator itself.</summary>
    private static EffectivePlan Nothing(PolicyLease lease, EffectivePlan? plan) => new(
        plan?.Scope ?? new GuardrailScope { Gateway = "Gateway" },
        lease.Revision,
        StagePlan.Empty,
        StagePlan.Empty,
        StagePlan.Empty,
        StagePlan.Empty);
}
