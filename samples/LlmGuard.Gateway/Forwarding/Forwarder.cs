using System.Net;
using System.Text;
using LlmGuard.AspNetCore;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.Gateway.Forwarding;

/// <summary>Sends every request to one upstream, with its raw target, and streams both ways.</summary>
internal sealed class Forwarder(Uri upstream) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    });

    public void Dispose() => _client.Dispose();

    public async Task ForwardAsync(HttpContext context)
    {
        if (Target(context) is not { } target)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("The target cannot be forwarded.", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        using var request = MessageCopy.ToUpstream(context, target);
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync("The upstream cannot be reached.", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        using (response)
        {
            MessageCopy.ToClient(response, context);
            await CopyBodyAsync(response, context).ConfigureAwait(false);
        }
    }

    /// <summary>The raw target as it was sent: what the guard judged is what the upstream sees.</summary>
    private Uri? Target(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            // An absolute target ("http://host/path") holds the raw path too; one without a path ("*", "host:port") leads nowhere upstream.
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (path < 0)
            {
                return null;
            }

            target = target[path..];
        }

        if (context.Features.Get<IAiGuardrailsFeature>()?.Scope is { StripPath: true, Rule: { } rule })
        {
            target = StrippedPath.Of(target, rule);
        }

        return new Uri(
            upstream.GetLeftPart(UriPartial.Path).TrimEnd('/') + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    private static async Task CopyBodyAsync(HttpResponseMessage response, HttpContext context)
    {
        var aborted = context.RequestAborted;
        var body = await response.Content.ReadAsStreamAsync(aborted).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, aborted).ConfigureAwait(false)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), aborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(aborted).ConfigureAwait(false);
            }
        }

        foreach (var (name, values) in response.TrailingHeaders.NonValidated)
        {
            if (context.Response.SupportsTrailers())
            {
                context.Response.AppendTrailer(name, values.ToString());
            }
        }
    }
}
