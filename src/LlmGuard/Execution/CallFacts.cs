using LlmGuard.Masking;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What is known about a call besides its content, as far as the seam has told, and how an entry sees that.</summary>
/// <param name="options">What was known when the call began.</param>
internal sealed class CallFacts(GuardedCallOptions options)
{
    private TokenUsage? _usage;
    private CallEnding? _ending;
    private Shared? _shared;

    public GuardrailSeam Seam => options.Seam;

    public GuardrailCaller Caller => options.Caller;

    /// <summary>What the seam says about the request.</summary>
    public RequestFacts Request { get; set; } = RequestFacts.None;

    /// <summary>The answer's HTTP status, or null.</summary>
    public int? UpstreamStatus { get; set; }

    /// <summary>What the caller's conversation is masked with.</summary>
    /// <param name="request">The request's content, as far as it is known.</param>
    public CallMasks NewMasks(GuardrailContent? request) => new(
        options.Caller,
        request is null ? options.Conversation : options.Conversation ?? Request.Conversation,
        request);

    /// <summary>Says how the call ended. The last word counts.</summary>
    public void End(CallEnding ending, TokenUsage? usage)
    {
        _ending = ending;
        _usage = usage ?? _usage;
    }

    /// <summary>How the call ended, or what follows from its decisions where nobody said.</summary>
    public CallEnding EndingOf(IReadOnlyList<GuardrailDecision> decisions) =>
        _ending ?? (decisions.Any(static d => !d.IsAllowed) ? CallEnding.Blocked : CallEnding.Aborted);

    /// <summary>Measures the body of a call that no wire format describes.</summary>
    public void Measure(GuardrailContent content)
    {
        if (options.Method is null && ReferenceEquals(Request, RequestFacts.None))
        {
            Request = new RequestFacts { Body = ContentMetrics.Of(content) };
        }
    }

    /// <summary>The call as an entry sees it.</summary>
    public GuardrailCall ViewFor(GuardedCallCore call, PlanEntry entry, GuardrailStage stage, GuardrailContent content) =>
        new(stage, content, SharedAt(call, stage))
        {
            Entry = entry.Key,
            Timeout = entry.Timeout,
            IsMonitor = entry.Mode == EntryMode.Monitor,
            RequestContent = stage >= GuardrailStage.PreResponse && (entry.Needs & GuardrailNeeds.RequestContent) != 0
                ? EntryContent.OfSources(entry, call.Copies.Request)
                : null,
            States = call.States,
        };

    /// <summary>
    /// What all entries of a stage are told. Made again when more is known by then; stages that run side by side may each make their own.
    /// </summary>
    private GuardrailCall.SharedFacts SharedAt(GuardedCallCore call, GuardrailStage stage)
    {
        if (stage != GuardrailStage.PostResponse && Volatile.Read(ref _shared) is { } known && known.Stage == stage
            && ReferenceEquals(known.Request, Request) && known.UpstreamStatus == UpstreamStatus)
        {
            return known.Facts;
        }

        var isLast = stage == GuardrailStage.PostResponse;
        var facts = new GuardrailCall.SharedFacts
        {
            Seam = options.Seam,
            Scope = call.Plan.Scope,
            Caller = options.Caller,
            Dialect = Request.Dialect,
            Model = Request.Model,
            IsStreaming = Request.IsStreaming,
            Method = options.Method,
            RemoteAddress = options.RemoteAddress,
            MaxFindings = call.Plan.Limits.MaxFindings,
            Body = Request.Body,
            Headers = Request.Headers,
            MaxTokens = Request.MaxTokens,
            Choices = Request.Choices,
            UpstreamStatus = stage >= GuardrailStage.PreResponse ? UpstreamStatus : null,
            Usage = isLast ? _usage : null,
            Ending = isLast ? call.Ending : null,
        };
        Volatile.Write(ref _shared, new Shared(facts, stage, Request, UpstreamStatus));
        return facts;
    }

    private sealed record Shared(GuardrailCall.SharedFacts Facts, GuardrailStage Stage, RequestFacts Request, int? UpstreamStatus);
}
