using LlmGuard.Http.Streams;

namespace LlmGuard.Tool.Rows;

/// <summary>Streams one after the other. Disposes them all.</summary>
internal sealed class JoinedStream(params Stream[] parts) : ReadOnlyStream
{
    private int _part;

    public override int Read(Span<byte> buffer)
    {
        for (; _part < parts.Length && buffer.Length > 0; _part++)
        {
            if (parts[_part].Read(buffer) is > 0 and var read)
            {
                return read;
            }
        }

        return 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (; _part < parts.Length && buffer.Length > 0; _part++)
        {
            if (await parts[_part].ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                return read;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in parts)
            {
                part.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
