using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.FakeClouds.Hosting;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, decoded.</param>
/// <param name="RawTarget">Path and query as sent.</param>
/// <param name="Query">The query pairs.</param>
/// <param name="Headers">The headers; names compare without case.</param>
/// <param name="Body">The body.</param>
internal sealed record FakeRequest(
    string Method,
    string Path,
    string RawTarget,
    IReadOnlyDictionary<string, string> Query,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The body as strict JSON; null when it is not.</summary>
    public JsonElement? Json()
    {
        try
        {
            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a request to its end.</summary>
    public static async Task<FakeRequest> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return new FakeRequest(
            request.Method,
            request.Path.Value ?? "",
            request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
            request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
    }
}
