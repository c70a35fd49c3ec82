using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>Makes decisions of outcomes.</summary>
internal static class Decisions
{
    public static GuardrailDecision Make(GuardedCallCore call, in StageOutcome outcome)
    {
        var action = outcome.Action;
        return new GuardrailDecision(call.Number, call.Plan)
        {
            Stage = outcome.Stage,
            Action = action,
            Refusal = action == GuardrailAction.Block ? Refuse(outcome) : null,
            Content = outcome.Edits.Current,
            Edits = outcome.Edits.Edits,
            RequestChanges = action == GuardrailAction.Block ? [] : Collect(outcome.Conclusions, static c => c.RequestChanges),
            ResponseHeaders = HeaderMerge.Of(Collect(outcome.Conclusions, static c => c.ResponseHeaders)),
            Conclusions = outcome.Conclusions,
            NotInspected = outcome.Gate.NotInspected ?? [],
        };
    }

    /// <summary>The decision that a quiet pass comes to.</summary>
    public static GuardrailDecision Passed(CallId id, EffectivePlan plan, GuardrailStage stage, GuardrailContent content, in QuietPass pass) =>
        new(id, plan)
        {
            Stage = stage,
            Action = GuardrailAction.Allow,
            Content = content,
            Passed = pass.Elapsed,
        };

    /// <summary>A decision without any entry.</summary>
    public static GuardrailDecision Bare(
        CallId id, EffectivePlan plan, GuardrailStage stage, GuardrailContent content, Refusal? refusal) => new(id, plan)
    {
        Stage = stage,
        Action = refusal is null ? GuardrailAction.Allow : GuardrailAction.Block,
        Refusal = refusal,
        Content = content,
    };

    /// <summary>The refusal that a failure of the engine's own leads to.</summary>
    public static Refusal Refuse(EngineFailure failure, GuardrailStage stage)
    {
        var ruling = FailureTable.Rule(failure.Failure, stage, EntryMode.Enforce, FailurePolicy.Block, failure.StatusCode);
        return new Refusal
        {
            StatusCode = ruling.StatusCode,
            Code = ruling.Code,
            Message = FailureTable.Message(ruling.Code, failure),
            Reason = ReasonCodes.Clean(failure.Failure.Reason),
            RetryAfter = failure.RetryAfter,
        };
    }

    private static Refusal Refuse(in StageOutcome outcome)
    {
        if (outcome.IsOwn)
        {
            return Refuse(outcome.Gate.Failure!, outcome.Stage);
        }

        var leading = outcome.Leading!;
        var entry = leading.Entry;
        if (leading.Failure is { } failure)
        {
            var ruling = FailureTable.Rule(failure, outcome.Stage, entry.Mode, entry.OnError);
            return new Refusal
            {
                StatusCode = ruling.StatusCode,
                Code = ruling.Code,
                Message = FailureTable.Message(ruling.Code),
                Reason = failure.Reason,
                Plugin = entry.Plugin.Name,
            };
        }

        var asked = leading.Refusal;
        return new Refusal
        {
            StatusCode = entry.StatusCode ?? (asked?.StatusCode is >= 400 and <= 599 ? asked.StatusCode.Value : entry.Plugin.DefaultStatusCode),
            Code = entry.Plugin.Name,
            Message = entry.Message ?? asked?.Message ?? entry.Plugin.DefaultMessage,
            Reason = asked?.Reason is { } reason ? ReasonCodes.Clean(reason) : null,
            Plugin = entry.Plugin.Name,
            IsPolicyBlock = true,
        };
    }

    private static T[] Collect<T>(Conclusion[] conclusions, Func<Conclusion, T[]> select)
    {
        T[] collected = [];
        foreach (var conclusion in conclusions)
        {
            if (select(conclusion) is { Length: > 0 } items)
            {
                collected = [.. collected, .. items];
            }
        }

        return collected;
    }
}
