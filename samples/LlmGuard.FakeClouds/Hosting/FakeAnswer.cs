using System.Text;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.FakeClouds.Hosting;

/// <summary>A response.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record FakeAnswer(int Status, string Body, string ContentType = "application/json", params (string Name, string Value)[] Headers)
{
    /// <summary>The body as bytes.</summary>
    public byte[] Bytes => Encoding.UTF8.GetBytes(Body);

    /// <summary>Sends it.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        var bytes = Bytes;
        WriteHead(response, bytes.Length);
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }

    /// <summary>Prepares everything but the body.</summary>
    public void WriteHead(HttpResponse response, long length)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = length;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }
    }
}
