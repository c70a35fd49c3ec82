using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore;

/// <summary>A request that the guardrails have seen, from the first pass through the pipeline until its response has been sent.</summary>
internal abstract class GuardedRequest : IAiGuardrailsFeature
{
    private readonly IHttpResponseFeature _response;
    private bool _isReplaced;

    protected GuardedRequest(HttpContext context, string rawPath, bool hasEndpoint)
    {
        RawPath = rawPath;
        HasEndpoint = hasEndpoint;
        _response = context.Features.Find<IHttpResponseFeature>() ?? throw new InvalidOperationException("The request has no response.");
        _response.OnStarting(static state => ((GuardedRequest)state).SetHeaders(), this);
    }

    public abstract string CallId { get; }

    public abstract EffectivePlan Plan { get; }

    /// <summary>The path as the next hop sees it.</summary>
    public string RawPath { get; }

    /// <summary>Whether routing had chosen an endpoint when the guardrails ran.</summary>
    public bool HasEndpoint { get; }

    public string Revision => Plan.Revision;

    public GuardrailScope Scope => Plan.Scope;

    public abstract IReadOnlyList<GuardrailDecision> Decisions { get; }

    protected IHttpResponseFeature Response => _response;

    /// <summary>The request has become another one, whose id the response carries.</summary>
    public void Replace() => _isReplaced = true;

    /// <summary>Sets what decisions add to the response.</summary>
    protected virtual void SetDecided(IHeaderDictionary headers)
    {
    }

    private Task SetHeaders()
    {
        var headers = _response.Headers;
        SetDecided(headers);
        if (!_isReplaced)
        {
            headers[GuardrailHeaders.Id] = CallId;
        }

        return Task.CompletedTask;
    }
}
