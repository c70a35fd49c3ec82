using System.Net;

namespace LlmGuard.Http.Client;

/// <summary>A content that says when its body has been read to the end or given up, once.</summary>
internal sealed class CompletionContent : HttpContent
{
    private readonly HttpContent _inner;
    private GuardedExchange? _exchange;

    private CompletionContent(HttpContent inner, GuardedExchange exchange)
    {
        _inner = inner;
        _exchange = exchange;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            HeaderList.Add(Headers, name, values);
        }
    }

    /// <summary>Only reached when an answer was neither read nor disposed: the call still ends exactly once.</summary>
    ~CompletionContent() => Complete(CallEnding.Aborted);

    public static void Attach(HttpResponseMessage response, GuardedExchange exchange) =>
        response.Content = new CompletionContent(response.Content, exchange);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await _inner.CopyToAsync(stream, context).ConfigureAwait(false);
        Complete(CallEnding.Completed);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _inner.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
        Complete(CallEnding.Completed);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _inner.CopyTo(stream, context, cancellationToken);
        Complete(CallEnding.Completed);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new CompletionStream(await _inner.ReadAsStreamAsync().ConfigureAwait(false), Complete);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new CompletionStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Complete);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new CompletionStream(_inner.ReadAsStream(cancellationToken), Complete);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            Complete(CallEnding.Aborted);
        }

        base.Dispose(disposing);
    }

    private void Complete(CallEnding ending)
    {
        if (Interlocked.Exchange(ref _exchange, null) is { } exchange)
        {
            // Ending a call only queues its last stage: there is nothing to wait for here, and a finalizer could not.
            _ = exchange.CompleteAsync(ending).AsTask();
        }
    }
}
