using LlmGuard.AspNetCore.Requests;
using LlmGuard.AspNetCore.Responses;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore;

/// <summary>One request under guard, from the first pass through the pipeline until its response has been sent.</summary>
internal sealed class IncomingCall : GuardedRequest
{
    private CallEnding? _ending;
    private List<KeyValuePair<string, string>>? _headers;

    public IncomingCall(HttpContext context, GuardedCall call, HeldBytesBudget budget, string method, string rawPath, bool hasEndpoint)
        : base(context, rawPath, hasEndpoint)
    {
        Context = context;
        Call = call;
        Budget = budget;
        Method = method;
        Aborted = context.RequestAborted;
        Response.OnCompleted(static state => ((IncomingCall)state).EndAsync(), this);
    }

    public HttpContext Context { get; }

    public GuardedCall Call { get; }

    public override EffectivePlan Plan => Call.Plan;

    public HeldBytesBudget Budget { get; }

    /// <summary>The method in upper case.</summary>
    public string Method { get; }

    /// <summary>The caller going away, whatever is linked to the request for the rest of the pipeline.</summary>
    public CancellationToken Aborted { get; }

    /// <summary>The headers of the request as it came, one pair for each value. Read once: to walk a server's headers makes a walker every time.</summary>
    public List<KeyValuePair<string, string>> Headers => _headers ??= RequestHead.Flatten(Context.Request.Headers);

    /// <summary>Whether the request is inside this middleware right now, as opposed to being executed again from outside of it.</summary>
    public bool IsInside { get; set; }

    /// <summary>Whether this is a later pass of the same request, whose request stages are done.</summary>
    public bool IsReexecuted { get; set; }

    /// <summary>Whether the request stages have let the request pass.</summary>
    public bool IsJudged { get; set; }

    /// <summary>The request as read, or null.</summary>
    public WireMessage? Message { get; set; }

    /// <summary>The request's content as <see cref="GuardrailStage.PreRequest"/> left it.</summary>
    public GuardrailContent Content { get; set; } = GuardrailContent.Empty;

    /// <summary>The request's bytes, which the segments refer to.</summary>
    public BoundedBody? Body { get; set; }

    /// <summary>The answer's bytes, which the segments refer to.</summary>
    public BoundedBody? Answer { get; set; }

    /// <summary>Watches an answer that is not held; null when nobody reads it.</summary>
    public ResponseObserver? Observer { get; set; }

    /// <summary>Token usage that the answer reports.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>The dialect whose usage event the client did not ask for; null when nothing is to be hidden.</summary>
    public Dialect? HiddenUsage { get; set; }

    /// <summary>What the caller was told, or null.</summary>
    public Refusal? Refusal { get; private set; }

    public override string CallId => Call.Id;

    public override IReadOnlyList<GuardrailDecision> Decisions => Call.Decisions;

    /// <summary>Headers were taken out of the request before it was read.</summary>
    public void ForgetHeaders() => _headers = null;

    public void Refuse(Refusal refusal)
    {
        Refusal = refusal;
        _ending = CallEnding.Blocked;
    }

    /// <summary>Something of the application threw: unless the caller had gone away, that is what the call ended with.</summary>
    public void Fail() => _ending ??= Aborted.IsCancellationRequested ? CallEnding.Aborted : CallEnding.UpstreamFailed;

    protected override void SetDecided(IHeaderDictionary headers)
    {
        for (var i = 0; i < Call.DecisionCount; i++)
        {
            if (Call.DecisionAt(i).ResponseHeaders is { Count: > 0 } decided)
            {
                foreach (var (name, value) in decided)
                {
                    headers[name] = value;
                }
            }
        }
    }

    private async Task EndAsync()
    {
        try
        {
            if (Observer is { } observer && _ending is null && !Aborted.IsCancellationRequested)
            {
                await observer.JudgeAsync(this).ConfigureAwait(false);
            }
        }
        finally
        {
            Call.Complete(_ending ?? (Aborted.IsCancellationRequested ? CallEnding.Aborted : CallEnding.Completed), Usage);
            await Call.DisposeAsync().ConfigureAwait(false);
        }
    }
}
