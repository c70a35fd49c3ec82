using LlmGuard.Execution.Evaluations;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>What is known about a call besides its content, as far as the seam has told, and how an entry sees that.</summary>
internal sealed class CallFacts : CallStates
{
    // Of a call that this thread has seen to its end, and of which nobody can have kept anything.
    [ThreadStatic]
    private static CallFacts? _spare;

    private string? _conversation;

    /// <summary>What is known when a call begins.</summary>
    public CallFacts(GuardedCallOptions options, EffectivePlan plan, ExecutionLog log) => Begin(options, plan, log);

    /// <summary>The same for a call that may be over before anybody can keep anything of it, and then gives it back.</summary>
    public static CallFacts Rent(GuardedCallOptions options, EffectivePlan plan, ExecutionLog log)
    {
        if (_spare is not { } spare)
        {
            return new CallFacts(options, plan, log);
        }

        _spare = null;
        spare.Begin(options, plan, log);
        return spare;
    }

    /// <summary>Ends a call that is over before anybody could keep anything of it, but for those whom it was shown.</summary>
    /// <param name="mayBeKept">Whether it was shown to somebody who may have kept it.</param>
    public void End(bool mayBeKept)
    {
        if (mayBeKept || HasSlots)
        {
            Close();
            return;
        }

        // No caller's name, address or scope waits here for the next call.
        (Scope, Caller, Method, RemoteAddress, _conversation) = (NoScope, GuardrailCaller.Anonymous, null, null, null);
        _spare = this;
    }

    /// <summary>What the seam says about the request.</summary>
    public new RequestFacts Request => (RequestFacts)base.Request;

    /// <summary>Takes what the seam says about the request.</summary>
    public void Describe(RequestFacts request) => base.Request = request;

    /// <summary>What the caller's conversation is masked with.</summary>
    /// <param name="request">The request's content, as far as it is known.</param>
    public CallMasks NewMasks(GuardrailContent? request) => new(
        Caller,
        request is null ? _conversation : _conversation ?? Request.Conversation,
        request);

    /// <summary>Says how the call ended. The last word counts.</summary>
    public void End(CallEnding ending, TokenUsage? usage) => (Ending, Usage) = (ending, usage ?? Usage);

    /// <summary>How the call ended, or what follows from its decisions where nobody said.</summary>
    public CallEnding EndingOf(GuardedCallCore call)
    {
        if (Ending is { } said)
        {
            return said;
        }

        for (var i = 0; i < call.DecisionCount; i++)
        {
            if (!call.DecisionAt(i).IsAllowed)
            {
                return CallEnding.Blocked;
            }
        }

        return CallEnding.Aborted;
    }

    /// <summary>Measures the body of a call that no wire format describes.</summary>
    public void Measure(GuardrailContent content)
    {
        if (Method is null && ReferenceEquals(Request, RequestFacts.None))
        {
            Describe(new RequestFacts { Body = ContentMetrics.Of(content) });
        }
    }

    /// <summary>The call as an entry sees it.</summary>
    public GuardrailCall ViewFor(GuardedCallCore call, PlanEntry entry, GuardrailStage stage, GuardrailContent content)
    {
        if (stage == GuardrailStage.PostResponse)
        {
            Ending ??= call.Ending;
        }

        return ViewFor(
            entry,
            stage,
            content,
            stage >= GuardrailStage.PreResponse && (entry.Needs & GuardrailNeeds.RequestContent) != 0
                ? EntryContent.OfSources(entry, call.Copies.Request)
                : null);
    }

    /// <summary>The call as an entry sees it that is shown nothing of an earlier stage, unless it is given here.</summary>
    public GuardrailCall ViewFor(PlanEntry entry, GuardrailStage stage, GuardrailContent content, GuardrailContent? request = null) =>
        new(stage, content, this)
        {
            Entry = entry.Key,
            Timeout = entry.Timeout,
            IsMonitor = entry.Mode == EntryMode.Monitor,
            RequestContent = request,
        };

    // Everything there is, since the object may be another call's that is over.
    private void Begin(GuardedCallOptions options, EffectivePlan plan, ExecutionLog log)
    {
        Open(log);
        base.Request = RequestFacts.None;
        _conversation = options.Conversation;
        (Seam, Caller, Method, RemoteAddress) = (options.Seam, options.Caller, options.Method, options.RemoteAddress);
        (Scope, MaxFindings) = (plan.Scope, plan.Limits.MaxFindings);
        (UpstreamStatus, Usage, Ending) = (null, null, null);
    }
}
