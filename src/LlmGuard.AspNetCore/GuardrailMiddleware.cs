using LlmGuard.AspNetCore.Endpoints;
using LlmGuard.AspNetCore.Identity;
using LlmGuard.AspNetCore.Refusals;
using LlmGuard.AspNetCore.Requests;
using LlmGuard.AspNetCore.Responses;
using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using LlmGuard.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LlmGuard.AspNetCore;

/// <summary>Guards incoming requests.</summary>
internal sealed class GuardrailMiddleware(
    RequestDelegate next,
    IAiGuardrails guardrails,
    IPolicyProvider policy,
    HeldBytesBudget budget,
    CallerIdentification callers,
    RefusalAnswer refusals,
    ResponseStage responses)
{
    public Task InvokeAsync(HttpContext context)
    {
        var earlier = context.Features.Find<IAiGuardrailsFeature>() as GuardedRequest;
        if (earlier is not null && IsSameRequest(context, earlier))
        {
            return earlier is IncomingCall call ? ContinueAsync(context, call) : next(context);
        }

        var (request, caller) = Begin(context);
        earlier?.Replace();
        context.Features[typeof(IAiGuardrailsFeature)] = request;
        return request is IncomingCall incoming ? GuardAsync(context, incoming, caller)
            : IsAmbient(caller) ? next(context)
            : PassAsync(context, caller);
    }

    /// <summary>One revision says who calls and what applies to them, so that a reload in between cannot lose a consumer's guards.</summary>
    private (GuardedRequest Request, GuardrailCaller Caller) Begin(HttpContext context)
    {
        var method = context.Request.Method.ToUpperInvariant();
        var rawPath = RequestTarget.RawPath(context);
        var endpoint = EndpointGuardrails.Of(context);
        var revision = policy.Take();
        try
        {
            var caller = callers.Identify(context, revision);
            var query = Query(endpoint, method, rawPath, caller);
            var resolution = revision.Resolve(in query);
            if (IsPassed(context, revision, resolution, method))
            {
                revision.GiveBack();
                return (new PassedRequest(context, resolution.Plan!, rawPath, endpoint.IsChosen), caller);
            }

            var call = guardrails.Begin(new GuardedCallOptions(caller)
            {
                Revision = revision,
                Resolution = resolution,
                Seam = query.Seam,
                Service = query.Service,
                Method = method,
                Path = rawPath,
                Conversation = GuardrailHttpContextExtensions.FindConversation(context),
                RemoteAddress = context.Connection.RemoteIpAddress,
                OnlyLocked = query.LockedOnly,
            });
            return (new IncomingCall(context, call, budget, method, rawPath, endpoint.IsChosen), caller);
        }
        catch
        {
            revision.Dispose();
            throw;
        }
    }

    private static ScopeQuery Query(EndpointGuardrails endpoint, string method, string rawPath, GuardrailCaller caller) => new()
    {
        Seam = GuardrailSeam.Incoming,
        Service = endpoint.Service,
        LockedOnly = endpoint.IsDisabled,
        Method = method,
        RawPath = rawPath,
        Caller = caller,
    };

    /// <summary>
    /// Whether nothing applies to the request whatever is in it, so that an id is all it gets. One that names another method may not be what it
    /// seems, and is looked at.
    /// </summary>
    private static bool IsPassed(HttpContext context, PolicyLease revision, ScopeResolution resolution, string method) =>
        resolution.IsPassed && !(revision.DependsOnMethod && IsOverridden(context.Request.Headers, method));

    // The calls that the application makes for this request are made for its caller, unless it says otherwise.
    private static bool IsAmbient(GuardrailCaller caller) => caller.IsAnonymous || GuardrailCaller.Current is not null;

    private async Task PassAsync(HttpContext context, GuardrailCaller caller)
    {
        using var _ = GuardrailCaller.Use(caller);
        await next(context).ConfigureAwait(false);
    }

    // One method: a request that nobody judges is kept by one state machine rather than by one for every step.
    private async Task GuardAsync(HttpContext context, IncomingCall incoming, GuardrailCaller caller)
    {
        incoming.IsInside = true;
        try
        {
            var refusal = incoming.Call.EarlyRefusal ?? MethodOverrideRefusal(context, incoming, caller);
            if (refusal is not null || !incoming.Plan.IsEmpty)
            {
                refusal ??= await RequestStage.JudgeAsync(incoming).ConfigureAwait(false);
                if (refusal is not null)
                {
                    await refusals.WriteAsync(incoming, context, refusal).ConfigureAwait(false);
                    return;
                }

                incoming.IsJudged = true;
            }

            using var _ = IsAmbient(caller) ? null : GuardrailCaller.Use(caller);
            if (incoming.Plan.IsEmpty)
            {
                await next(context).ConfigureAwait(false);
            }
            else
            {
                await responses.RunAsync(incoming, next).ConfigureAwait(false);
            }
        }
        catch
        {
            incoming.Fail();
            throw;
        }
        finally
        {
            incoming.IsInside = false;
        }
    }

    /// <summary>
    /// A component outside (an error page) executes the pipeline again: the request is judged already, and what is answered now is judged as
    /// the answer of the same call. A refused request stays refused, except for the page that words its refusal.
    /// </summary>
    private async Task ContinueAsync(HttpContext context, IncomingCall earlier)
    {
        if (earlier.IsInside || (earlier.Call.EarlyRefusal is null && earlier.Plan.IsEmpty))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (earlier.Refusal is { } refusal)
        {
            await (ErrorPage.IsExecuted(context) ? next(context) : refusals.WriteAsync(earlier, context, refusal).AsTask()).ConfigureAwait(false);
            return;
        }

        if (!earlier.IsJudged && !ErrorPage.IsExecuted(context))
        {
            throw new InvalidOperationException("The request is executed again although judging it has failed.");
        }

        earlier.IsInside = earlier.IsReexecuted = true;
        try
        {
            await responses.RunAsync(earlier, next).ConfigureAwait(false);
        }
        finally
        {
            earlier.IsInside = false;
        }
    }

    /// <summary>
    /// An override that a server further on may honour must not lead to a rule that was not applied, so it is refused where either method is
    /// guarded. One that names the method in use (an override that a middleware has already carried out) changes nothing.
    /// </summary>
    private Refusal? MethodOverrideRefusal(HttpContext context, IncomingCall incoming, GuardrailCaller caller)
    {
        foreach (var (name, _) in incoming.Headers)
        {
            if (MethodOverride.IsOne(name)
                && IsOverride(name, context.Request.Headers[name], incoming.Method, out var method)
                && (!incoming.Plan.IsEmpty || IsGuarded(context, incoming, method, caller)))
            {
                return GateRefusals.MethodOverride;
            }
        }

        return null;
    }

    private static bool IsOverridden(IHeaderDictionary headers, string used)
    {
        foreach (var (name, values) in headers)
        {
            if (IsOverride(name, values, used, out _))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOverride(string name, StringValues values, string used, out string method)
    {
        method = MethodOverride.IsOne(name) ? MethodOverride.Of(values.ToString()) : used;
        return method != used;
    }

    private bool IsGuarded(HttpContext context, IncomingCall incoming, string method, GuardrailCaller caller)
    {
        using var lease = policy.Take();
        var resolution = lease.Resolve(Query(EndpointGuardrails.Of(context), method, incoming.RawPath, caller));
        return resolution.Plan is not { IsEmpty: true };
    }

    /// <summary>
    /// Whether a decision that was made stands for what is executed now: a second guard in the pipeline, an error page, the same request once
    /// more. A component that sends the request to another path makes a new request of it.
    /// </summary>
    private static bool IsSameRequest(HttpContext context, GuardedRequest earlier) =>
        earlier is IncomingCall { IsInside: true } || ErrorPage.IsExecuted(context) || RequestTarget.RawPath(context) == earlier.RawPath;
}
