namespace LlmGuard.AspNetCore.Requests;

/// <summary>Keeps what is read through it, up to a limit, so that a body nobody may refuse can be handed on as it came.</summary>
internal sealed class RecordingStream(Stream inner, long limit) : ReadOnlyStream
{
    private readonly MemoryStream _seen = new();

    /// <summary>Whether everything that was read is kept.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>What was read, followed by what was not yet read.</summary>
    public Stream Replay() => new ReplayStream(_seen.GetBuffer().AsMemory(0, (int)_seen.Length), inner);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Keep(buffer.Span[..read]);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Keep(buffer[..read]);
        return read;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_seen.Length + bytes.Length > limit)
        {
            IsComplete = false;
            return;
        }

        _seen.Write(bytes);
    }
}
