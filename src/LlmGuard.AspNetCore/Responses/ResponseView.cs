using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// The request with its real response, for a refusal that is written while the rest of the pipeline still uses the HttpContext. Made before that
/// starts, because neither HttpContext nor its features may be read while somebody else writes them.
/// </summary>
internal static class ResponseView
{
    public static HttpContext Of(IncomingCall incoming)
    {
        // Both make their feature on first use.
        _ = incoming.Context.RequestServices;
        _ = incoming.Context.Items;
        var features = new FeatureCollection();
        foreach (var (type, feature) in incoming.Context.Features)
        {
            features[type] = feature;
        }

        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = incoming.Aborted });
        return new DefaultHttpContext(features);
    }
}
