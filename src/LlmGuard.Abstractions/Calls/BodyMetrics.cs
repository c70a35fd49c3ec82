namespace LlmGuard;

/// <summary>The measurable facts of a request's body.</summary>
public readonly record struct BodyMetrics
{
    /// <summary>The stated Content-Length in bytes as sent, or null when none was sent.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Whether the request has a body at all.</summary>
    public bool HasBody { get; init; }

    /// <summary>Bytes read from the connection, before decompression. Up to where reading stopped when <see cref="IsTruncated"/>.</summary>
    public long WireBytes { get; init; }

    /// <summary>Bytes after decompression. Up to where reading stopped when <see cref="IsTruncated"/>.</summary>
    public long DecodedBytes { get; init; }

    /// <summary>Deepest nesting of a JSON body: 1 for a flat object, 0 for anything that is not JSON.</summary>
    public int JsonDepth { get; init; }

    /// <summary>Number of messages or input items as the dialect counts them; 0 where it has none.</summary>
    public int Messages { get; init; }

    /// <summary>
    /// Unicode code points of all text of the body: of a JSON body the decoded strings that are segments, of a text body all of it.
    /// </summary>
    public long Characters { get; init; }

    /// <summary>UTF-8 bytes of all text of the body, property names included: no tokenizer makes more tokens of it than it has bytes.</summary>
    public long TextBytes { get; init; }

    /// <summary>Parts whose size says nothing about what the model reads: images, sounds, files, and references to what the provider keeps.</summary>
    public int OpaqueParts { get; init; }

    /// <summary>Whether reading stopped because a limit was passed, so that the other numbers are lower bounds.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Whether the limit that was passed is the one on JSON nesting.</summary>
    public bool IsTooDeep { get; init; }
}
