using LlmGuard.Http.Wire.Heads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Trailers as the rest of the pipeline sets them, until they are released.</summary>
internal sealed class ResponseTrailersFeature(IHttpResponseTrailersFeature real) : IHttpResponseTrailersFeature
{
    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <summary>Drops what describes the bytes that were written: of a streamed answer others may have left.</summary>
    public void DropDigests()
    {
        foreach (var name in Trailers.Keys.Where(HeaderNames.IsDigest).ToArray())
        {
            Trailers.Remove(name);
        }
    }

    public void Release()
    {
        foreach (var (name, values) in Trailers)
        {
            real.Trailers[name] = values;
        }
    }
}
