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
        var lease = options.Revision ?? policies.Take();
        try
        {
            return Begin(options, lease, options.Resolution ?? lease.Resolve(options.ScopeQuery));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private GuardedCallCore Begin(
        GuardedCallOptions options, PolicyLease lease, in ScopeResolution resolution, CallFacts? facts = null, QuietPassEnd? begun = null)
    {
        var refusal = resolution.IsAmbiguousPath ? AmbiguousPath : resolution.IsUnidentifiedRefused ? Unidentified : null;
        var plan = refusal is null && !GuardrailSuppression.IsSuppressed ? resolution.Plan : null;
        return new GuardedCallCore(services, options, lease, plan ?? Nothing(lease, resolution.Plan), refusal, facts, begun);
    }

    /// <summary>Judges a stage without making a call of it, for as long as nobody has anything to say; else begins the call, to go on.</summary>
    private GuardedCallCore? BeginUnlessPassed(
        GuardedCallOptions options,
        GuardrailStage stage,
        GuardrailContent content,
        CancellationToken cancellationToken,
        out GuardrailDecision? passed)
    {
        passed = null;
        CallFacts? facts = null;
        var lease = options.Revision ?? policies.Take();
        try
        {
            var resolution = options.Resolution ?? lease.Resolve(options.ScopeQuery);
            var isLater = stage == GuardrailStage.PostResponse || services.Contents.IsWanted;
            if (!isLater && resolution.IsPassed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                passed = Decisions.Bare(CallId.New(), resolution.Plan!, stage, content, refusal: null);
            }
            else if (isLater || !MayPass(resolution, stage, content))
            {
                return Begin(options, lease, resolution);
            }
            else
            {
                var plan = resolution.Plan!;
                facts = CallFacts.Rent(options, plan, services.Log);
                var pass = Pass(plan, stage, content, facts, cancellationToken);
                if (pass.End is not null)
                {
                    return Begin(options, lease, resolution, facts, pass.End);
                }

                facts.End(mayBeKept: !plan[stage].LendsCalls);
                pass.Report(services, plan[stage], stage);
                passed = Decisions.Passed(CallId.New(), plan, stage, content, pass);
            }

            GiveBack(options, lease);
            return null;
        }
        catch
        {
            facts?.Close();
            lease.Dispose();
            throw;
        }
    }

    private static void GiveBack(GuardedCallOptions options, PolicyLease lease)
    {
        // One that the seam has brought may be known to others.
        if (options.Revision is null)
        {
            lease.GiveBack();
        }
        else
        {
            lease.Dispose();
        }
    }

    /// <summary>Whether only the stage's own entries have a say in such a call, and nothing is left to do when they have let it pass.</summary>
    private bool MayPass(in ScopeResolution resolution, GuardrailStage stage, GuardrailContent content) =>
        resolution is { Plan: { } plan, IsAmbiguousPath: false, IsUnidentifiedRefused: false }
        && QuietPass.Applies(services, plan, stage)
        && plan[GuardrailStage.PostResponse].IsEmpty
        && (plan[stage].Needs & GuardrailNeeds.BodyMetrics) == 0
        && !GuardrailSuppression.IsSuppressed
        && ContentGate.Check(content, plan[stage], plan) == default;

    private QuietPass Pass(EffectivePlan plan, GuardrailStage stage, GuardrailContent content, CallFacts facts, CancellationToken cancellationToken)
    {
        using var suppression = GuardrailSuppression.Enter();
        return QuietPass.Run(services, plan[stage], stage, content, facts, cancellationToken);
    }

    public async ValueTask<GuardrailDecision> EvaluateAsync(
        GuardrailStage stage,
        GuardrailContent content,
        GuardedCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Stages.ThrowIfUndefined(stage);
        ArgumentNullException.ThrowIfNull(content);
        options ??= GuardrailCaller.Current is null ? Unstated : new GuardedCallOptions();
        if (BeginUnlessPassed(options, stage, content, cancellationToken, out var passed) is not { } call)
        {
            return passed!;
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
