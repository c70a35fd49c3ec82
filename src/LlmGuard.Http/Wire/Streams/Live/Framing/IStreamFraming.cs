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

    /// <summary>Why what has arrived cannot be cut, or null.</summary>
    string? Failure { get; }

    /// <summary>
    /// What comes next, where an event begins there of which nothing was looked at in vain, so that no byte is looked at again and again; else none.
    /// </summary>
    ReadOnlySpan<byte> Untouched { get; }

    /// <summary>Whether nothing waits and an event begins with what comes next, so that this may be looked at before it is appended.</summary>
    bool IsBetween { get; }

    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The next event as it came, its end included; valid until the next call of <see cref="Append"/>.</summary>
    /// <param name="isEnd">Whether the stream ends with what was appended, so that what is left is an event too.</param>
    /// <param name="frame">The event.</param>
    bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame);

    /// <summary>
    /// Takes events that were found in <see cref="Untouched"/> otherwise than by <see cref="TryNext"/>, which would have cut there.
    /// </summary>
    void Take(int length);

    /// <summary>Whether what stands behind an event is nothing, or says nothing before more comes.</summary>
    bool IsNothing(ReadOnlySpan<byte> rest);

    /// <summary>Gives its memory back: nothing more is appended, and nobody looks at a frame any more.</summary>
    void Release();
}
