using System.Net;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.Streams;

namespace LlmGuard.Http.Client;

/// <summary>An event stream without the usage event that the client did not ask for.</summary>
internal sealed class UsageHidingContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Dialect _dialect;

    private UsageHidingContent(HttpContent inner, Dialect dialect)
    {
        _inner = inner;
        _dialect = dialect;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    /// <summary>Wraps the content if it is an event stream.</summary>
    public static void Attach(HttpResponseMessage response, Dialect dialect)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/event-stream")
        {
            response.Content = new UsageHidingContent(response.Content, dialect);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var source = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await source.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        CreateContentReadStream(cancellationToken).CopyTo(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new UsageFilterStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _dialect);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new UsageFilterStream(_inner.ReadAsStream(cancellationToken), _dialect);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
