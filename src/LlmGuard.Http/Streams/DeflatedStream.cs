using System.IO.Compression;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Streams;

/// <summary>
/// Decodes <c>deflate</c> as it arrives, which is the zlib format, or raw DEFLATE data where a server means that: the first byte tells, as for .NET's
/// own client and for browsers.
/// </summary>
internal sealed class DeflatedStream(Stream source) : ReadOnlyStream
{
    private Stream? _decoded;

    public override int Read(Span<byte> buffer)
    {
        if (_decoded is null)
        {
            var first = new byte[1];
            if (source.Read(first) == 0)
            {
                return 0;
            }

            _decoded = Begin(first);
        }

        return _decoded.Read(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_decoded is null)
        {
            var first = new byte[1];
            if (await source.ReadAsync(first, cancellationToken).ConfigureAwait(false) == 0)
            {
                return 0;
            }

            _decoded = Begin(first);
        }

        return await _decoded.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_decoded ?? source).Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Begin(byte[] first)
    {
        var all = new ReplayStream(first, source);
        return DeflateCoding.IsZlib(first[0]) ? new ZLibStream(all, CompressionMode.Decompress) : new DeflateStream(all, CompressionMode.Decompress);
    }
}
