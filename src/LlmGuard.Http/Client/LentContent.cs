using System.Net;
using LlmGuard.Http.Wire;

namespace LlmGuard.Http.Client;

/// <summary>
/// A request's body, whose bytes stay while a transport writes them, also when it goes on writing after the answer is there and the call over.
/// </summary>
internal sealed class LentContent(BoundedBody body) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Retain();
        try
        {
            await stream.WriteAsync(body.Bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            body.Release();
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Retain();
        try
        {
            stream.Write(body.Bytes.Span);
        }
        finally
        {
            body.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Bytes.Length;
        return true;
    }

    private void Retain()
    {
        if (!body.TryRetain())
        {
            throw new ObjectDisposedException(nameof(HttpRequestMessage), "The call that the request belongs to has ended.");
        }
    }
}
