namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>Cuts what arrives into events. For one thread at a time.</summary>
internal interface IStreamFraming
{
    /// <summary>What cuts streams of a form.</summary>
    static IStreamFraming Of(StreamForm form) => form switch
    {
        StreamForm.AmazonEvents => new AmazonFraming(),
        StreamForm.Array => new ArrayFraming(),
        _ => new LineFraming(form == StreamForm.Events),
    };

    /// <summary>What has arrived: events are taken from it.</summary>
    ByteQueue Bytes { get; }

    /// <summary>Bytes that belong to no complete event yet.</summary>
    int Pending { get; }

    /// <summary>Why what has arrived cannot be cut, or null.</summary>
    string? Failure { get; }

    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The next event as it came, its end included; valid until the next call of <see cref="Append"/>.</summary>
    /// <param name="isEnd">Whether the stream ends with what was appended, so that what is left is an event too.</param>
    /// <param name="frame">The event.</param>
    bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame);

    /// <summary>Gives its memory back: nothing more is appended, and nobody looks at a frame any more.</summary>
    void Release();
}
