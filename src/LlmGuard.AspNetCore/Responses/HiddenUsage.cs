using System.Diagnostics.CodeAnalysis;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Takes the usage event that the client did not ask for out of what leaves, whatever treatment the answer gets before.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "The filter holds nothing; disposing it would end the response.")]
internal sealed class HiddenUsage
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _original;
    private readonly UsageFilterStream _filter;

    private HiddenUsage(HttpContext context, Dialect dialect)
    {
        _context = context;
        _original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _filter = new UsageFilterStream(_original.Stream, dialect);
        context.Response.OnStarting(static state => ((HiddenUsage)state).ForgetLength(), this);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_filter, _original));
    }

    /// <summary>Installs it where it is wanted; else null.</summary>
    public static HiddenUsage? Install(IncomingCall incoming) =>
        incoming.HiddenUsage is { } dialect ? new HiddenUsage(incoming.Context, dialect) : null;

    /// <summary>Lets out what was held of an event and takes itself away.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await _context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _filter.EndAsync(cancellationToken).ConfigureAwait(false);
        _context.Features.Set(_original);
    }

    // An event stream may get shorter; anything else has no such event and keeps its length.
    private Task ForgetLength()
    {
        if (_context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
        {
            _context.Response.ContentLength = null;
        }

        return Task.CompletedTask;
    }
}
