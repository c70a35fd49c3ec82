using LlmGuard.AspNetCore.Tunnels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Puts a guarded response in the place of the real one, and back.</summary>
internal sealed class InstalledFeatures
{
    private readonly IFeatureCollection _features;
    private readonly IHttpResponseFeature? _head;
    private readonly IHttpResponseBodyFeature? _body;
    private readonly IHttpResponseTrailersFeature? _trailers;
    private readonly IResponseCookiesFeature? _cookies;
    private readonly SwitchFeatures? _switch;
    private readonly GuardedLifetime _lifetime;

    private InstalledFeatures(HttpContext context, GuardedResponse response, CancellationToken aborted)
    {
        _features = context.Features;
        _head = _features.Get<IHttpResponseFeature>();
        _body = _features.Get<IHttpResponseBodyFeature>();
        _trailers = _features.Get<IHttpResponseTrailersFeature>();
        _cookies = _features.Get<IResponseCookiesFeature>();
        _features.Set(response.Head);
        _features.Set(response.Body);
        if (response.Trailers is { } trailers)
        {
            _features.Set<IHttpResponseTrailersFeature>(trailers);
        }

        // Cookies remember the headers they were made with.
        _features.Set<IResponseCookiesFeature>(null);
        _switch = SwitchFeatures.Install(context, response);
        _lifetime = GuardedLifetime.Install(_features, response, aborted);
    }

    /// <summary>Puts it there.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">The guarded response.</param>
    /// <param name="aborted">What the rest of the pipeline is cancelled by.</param>
    public static InstalledFeatures Install(HttpContext context, GuardedResponse response, CancellationToken aborted) =>
        new(context, response, aborted);

    public void Restore()
    {
        _features.Set(_head);
        _features.Set(_body);
        _features.Set(_trailers);
        _features.Set(_cookies);
        _switch?.Restore();
        _lifetime.Restore();
    }
}
