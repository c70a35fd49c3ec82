using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// The life of the request as the rest of the pipeline sees it. What answers files, forwarders too, aborts the connection where writing is cancelled,
/// since a caller who has gone is why that happens otherwise; here the guard may have cancelled it, and the caller waits for what it says instead.
/// </summary>
internal sealed class GuardedLifetime : IHttpRequestLifetimeFeature, IHttpResetFeature
{
    private readonly IFeatureCollection _features;
    private readonly GuardedResponse _response;
    private readonly IHttpRequestLifetimeFeature? _lifetime;
    private readonly IHttpResetFeature? _reset;

    private GuardedLifetime(IFeatureCollection features, GuardedResponse response, CancellationToken aborted)
    {
        _features = features;
        _response = response;
        RequestAborted = aborted;
        _lifetime = features.Get<IHttpRequestLifetimeFeature>();
        _reset = features.Get<IHttpResetFeature>();
        features.Set<IHttpRequestLifetimeFeature>(this);
        if (_reset is not null)
        {
            features.Set<IHttpResetFeature>(this);
        }
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Puts it in the place of the real one.</summary>
    /// <param name="features">Of the request.</param>
    /// <param name="response">What the rest of the pipeline answers.</param>
    /// <param name="aborted">Cancelled with the request, and when the guard stops the rest of the pipeline.</param>
    public static GuardedLifetime Install(IFeatureCollection features, GuardedResponse response, CancellationToken aborted) =>
        new(features, response, aborted);

    public void Abort()
    {
        if (!_response.IsStopped)
        {
            _lifetime?.Abort();
        }
    }

    public void Reset(int errorCode)
    {
        if (!_response.IsStopped)
        {
            _reset?.Reset(errorCode);
        }
    }

    public void Restore()
    {
        _features.Set(_lifetime);
        _features.Set(_reset);
    }
}
