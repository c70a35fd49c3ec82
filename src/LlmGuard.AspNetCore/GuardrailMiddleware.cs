using LlmGuard.AspNetCore.Endpoints;
using LlmGuard.AspNetCore.Identity;
using LlmGuard.AspNetCore.Refusals;
using LlmGuard.AspNetCore.Requests;
using LlmGuard.AspNetCore.Responses;
using LlmGuard.Execution;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using LlmGuard.Policy;
using Microsoft.AspNetCore.Http;

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
        if (context.Features.Get<IAiGuardrailsFeature>() is IncomingCall earlier && IsSameRequest(context, earlier))
        {
            return ContinueAsync(context, earlier);
        }

        var method = context.Request.Method.ToUpperInvariant();
        var rawPath = RequestTarget.RawPath(context);
        var (call, caller) = Begin(context, method, rawPath);
        var incoming = new IncomingCall(context, call, budget, method, rawPath);
        context.Features.Set<IAiGuardrailsFeature>(incoming);
        return GuardAsync(context, incoming, caller);
    }

    /// <summary>One revision says who calls and what applies to them, so that a reload in between cannot lose a consumer's guards.</summary>
    private (GuardedCall Call, GuardrailCaller Caller) Begin(HttpContext context, string method, string rawPath)
    {
        var endpoint = EndpointGuardrails.Of(context);
        var revision = policy.Acquire();
        var caller = Identify(context, revision);
        var call = guardrails.Begin(new GuardedCallOptions
        {
            Revision = revision,
            Seam = GuardrailSeam.Incoming,
            Service = endpoint.Service,
            Method = method,
            Path = rawPath,
            Caller = caller,
            Conversation = GuardrailHttpContextExtensions.FindConversation(context),
            RemoteAddress = context.Connection.RemoteIpAddress,
            OnlyLocked = endpoint.IsDisabled,
        });
        return (call, caller);
    }

    private GuardrailCaller Identify(HttpContext context, PolicyLease revision)
    {
        try
        {
            return callers.Identify(context, revision);
        }
        catch
        {
            revision.Dispose();
            throw;
        }
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

            // The calls that the application makes for this request are made for its caller, unless it says otherwise.
            using var _ = caller.IsAnonymous || GuardrailCaller.Current is not null ? null : GuardrailCaller.Use(caller);
            await (incoming.Plan.IsEmpty ? next(context) : responses.RunAsync(incoming, next)).ConfigureAwait(false);
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
        foreach (var (name, values) in context.Request.Headers)
        {
            if (MethodOverride.IsOne(name)
                && MethodOverride.Of(values.ToString()) is var method
                && method != incoming.Method
                && (!incoming.Plan.IsEmpty || IsGuarded(context, incoming, method, caller)))
            {
                return GateRefusals.MethodOverride;
            }
        }

        return null;
    }

    private bool IsGuarded(HttpContext context, IncomingCall incoming, string method, GuardrailCaller caller)
    {
        using var lease = policy.Acquire();
        var endpoint = EndpointGuardrails.Of(context);
        var resolution = lease.Resolve(new ScopeQuery
        {
            Seam = GuardrailSeam.Incoming,
            Service = endpoint.Service,
            LockedOnly = endpoint.IsDisabled,
            Method = method,
            RawPath = incoming.RawPath,
            Caller = caller,
        });
        return resolution.Plan is not { IsEmpty: true };
    }

    /// <summary>
    /// Whether a decision that was made stands for what is executed now: a second guard in the pipeline, an error page, the same request once
    /// more. A component that sends the request to another path makes a new request of it.
    /// </summary>
    private static bool IsSameRequest(HttpContext context, IncomingCall earlier) =>
        earlier.IsInside || ErrorPage.IsExecuted(context) || RequestTarget.RawPath(context) == earlier.RawPath;
}
