namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Cuts a stream into events while it arrives. Used by one thread at a time.</summary>
internal interface IStreamFraming
{
    /// <summary>Bytes that belong to no complete event yet.</summary>
    int Pending { get; }

    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The next event as it came, its end included; valid until the next call of <see cref="Append"/>.</summary>
    /// <param name="isEnd">Whether the stream ends with what was appended, so that what is left is an event too.</param>
    /// <param name="frame">The event.</param>
    bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame);
}
