using LlmGuard.Execution.Evaluations;
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

    // What plain code says that says nothing, where no caller is set.
    private static readonly GuardedCallOptions Unstated = new(GuardrailCaller.Anonymous);

    public GuardedCall Begin(GuardedCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return BeginUnless(options, isPassed: false, out _)!;
    }

    /// <summary>Begins a call; null, and the plan, where nothing applies to it whatever is in it and the caller would rather have none.</summary>
    private GuardedCallCore? BeginUnless(GuardedCallOptions options, bool isPassed, out EffectivePlan? passed)
    {
        passed = null;
        var lease = options.Revision ?? policies.Acquire();
        try
        {
            var resolution = options.Resolution ?? lease.Resolve(options.ScopeQuery);
            if (isPassed && resolution.IsPassed)
            {
                passed = resolution.Plan;
                lease.Dispose();
                return null;
            }

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
        ArgumentNullException.ThrowIfNull(content);
        options ??= GuardrailCaller.Current is null ? Unstated : new GuardedCallOptions();
        var mayPass = stage != GuardrailStage.PostResponse && !services.Contents.IsWanted;
        if (BeginUnless(options, mayPass, out var plan) is not { } call)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Decisions.Bare(CallId.New(), plan!, stage, content, refusal: null);
        }

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
