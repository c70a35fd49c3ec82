using LlmGuard.Execution.Evaluations;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>What is known about a call besides its content, as far as the seam has told, and how an entry sees that.</summary>
internal sealed class CallFacts : CallStates
{
    private readonly string? _conversation;

    /// <summary>What is known when the call begins.</summary>
    public CallFacts(GuardedCallOptions options, EffectivePlan plan, ExecutionLog log)
        : base(log)
    {
        base.Request = RequestFacts.None;
        _conversation = options.Conversation;
        (Seam, Caller, Method, RemoteAddress) = (options.Seam, options.Caller, options.Method, options.RemoteAddress);
        (Scope, MaxFindings) = (plan.Scope, plan.Limits.MaxFindings);
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
    public CallEnding EndingOf(GuardedCallCore call) =>
        Ending ?? (call.Decisions.Any(static d => !d.IsAllowed) ? CallEnding.Blocked : CallEnding.Aborted);

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

        return new GuardrailCall(stage, content, this)
        {
            Entry = entry.Key,
            Timeout = entry.Timeout,
            IsMonitor = entry.Mode == EntryMode.Monitor,
            RequestContent = stage >= GuardrailStage.PreResponse && (entry.Needs & GuardrailNeeds.RequestContent) != 0
                ? EntryContent.OfSources(entry, call.Copies.Request)
                : null,
        };
    }
}
