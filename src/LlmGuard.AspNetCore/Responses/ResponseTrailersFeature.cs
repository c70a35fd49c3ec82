using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Trailers as the rest of the pipeline sets them, until they are released.</summary>
internal sealed class ResponseTrailersFeature(IHttpResponseTrailersFeature real) : IHttpResponseTrailersFeature
{
    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public void Release()
    {
        foreach (var (name, values) in Trailers)
        {
            real.Trailers[name] = values;
        }
    }
}
