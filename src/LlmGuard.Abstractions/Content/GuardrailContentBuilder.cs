using System.Text.Unicode;

namespace LlmGuard;

/// <summary>Collects segments in document order. Not safe for concurrent use.</summary>
/// <remarks>
/// Text may be given as UTF-8 or as a string; whichever it is stays the native form and the other is made on demand. Bytes are not copied: the
/// caller keeps them alive and unchanged for as long as the content is in use.
/// </remarks>
public sealed class GuardrailContentBuilder
{
    private readonly ContentMemory? _memory;
    private SegmentPages _data;
    private bool _isBuilt;

    /// <summary>Begins with nothing.</summary>
    public GuardrailContentBuilder()
        : this(null)
    {
    }

    /// <summary>Begins with nothing, for content that lives in the memory of a call.</summary>
    /// <param name="memory">Gets the segments, and says when they are gone; null for content that lives as long as somebody refers to it.</param>
    internal GuardrailContentBuilder(ContentMemory? memory) =>
        (_memory, _data) = (memory, memory is null ? new SegmentPages() : SegmentPages.Rent());

    /// <summary>What the content lives in and is gone with; null for content that lives as long as somebody refers to it.</summary>
    internal ContentMemory? Memory => _memory;

    /// <summary>Number of segments added so far, which is the index the next one gets.</summary>
    public int Count => _data.Count;

    /// <summary>Adds text given as UTF-8.</summary>
    /// <param name="utf8">The unescaped text.</param>
    /// <param name="info">What is known about it.</param>
    /// <returns>The index of the segment.</returns>
    /// <exception cref="ArgumentException"><paramref name="utf8"/> is not valid UTF-8.</exception>
    public int AddText(ReadOnlyMemory<byte> utf8, in SegmentInfo info) => Utf8.IsValid(utf8.Span)
        ? AddValidText(utf8, info)
        : throw new ArgumentException("The text is not valid UTF-8.", nameof(utf8));

    /// <summary>Adds text given as a string.</summary>
    /// <param name="text">The unescaped text.</param>
    /// <param name="info">What is known about it.</param>
    /// <returns>The index of the segment.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds a lone surrogate.</exception>
    public int AddText(string text, in SegmentInfo info)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Utf16Text.IsWellFormed(text))
        {
            throw new ArgumentException("The text holds a lone surrogate.", nameof(text));
        }

        ref var added = ref Add(info);
        added.Utf16 = text;
        return Count - 1;
    }

    /// <summary>Adds bytes that are not text: an image, audio, a file.</summary>
    /// <param name="kind">What it is, for the policy's <c>uninspected</c>.</param>
    /// <param name="bytes">The bytes, empty when only <paramref name="uri"/> is known.</param>
    /// <param name="mediaType">The media type as stated by the sender, or null.</param>
    /// <param name="uri">Where the bytes can be fetched, or null.</param>
    /// <param name="info">What is known about it; its editability is replaced by <see cref="Editability.Opaque"/>.</param>
    /// <returns>The index of the segment.</returns>
    public int AddBinary(UninspectedKind kind, ReadOnlyMemory<byte> bytes, string? mediaType, Uri? uri, in SegmentInfo info)
    {
        ref var added = ref Add(info);
        added.Close(PayloadKind.Binary, kind, mediaType, uri);
        added.Utf8 = bytes;
        return Count - 1;
    }

    /// <summary>Adds something that cannot be read here at all: token ids, encrypted reasoning, server-side state.</summary>
    /// <param name="kind">What it is, for the policy's <c>uninspected</c>.</param>
    /// <param name="info">What is known about it; its editability is replaced by <see cref="Editability.Opaque"/>.</param>
    /// <returns>The index of the segment.</returns>
    public int AddOpaque(UninspectedKind kind, in SegmentInfo info)
    {
        Add(info).Close(PayloadKind.Opaque, kind);
        return Count - 1;
    }

    /// <summary>Makes the content. The builder may be used on; what was built does not change.</summary>
    public GuardrailContent Build()
    {
        if (Count == 0)
        {
            return GuardrailContent.Empty;
        }

        // Handed over rather than copied: nearly every builder is used up here, and one that is not takes a copy when it goes on.
        if (!_isBuilt)
        {
            _isBuilt = true;
            _memory?.Add(_data);
        }

        return new GuardrailContent(_data, Count, memory: _memory);
    }

    /// <summary>Adds text whose UTF-8 the caller has validated.</summary>
    internal int AddValidText(ReadOnlyMemory<byte> utf8, in SegmentInfo info)
    {
        ref var added = ref Add(info);
        added.Utf8 = utf8;
        added.HasUtf8 = true;
        return Count - 1;
    }

    /// <summary>Makes room at once for segments that are likely to come.</summary>
    internal void Expect(int segments) => Own().Expect(segments);

    /// <summary>A new segment, a text until something else is said.</summary>
    private ref SegmentData Add(in SegmentInfo info)
    {
        ref var added = ref Own().Add();
        added.Describe(info);
        return ref added;
    }

    /// <summary>The segments, which nobody else has: those that were built on are copied.</summary>
    private SegmentPages Own()
    {
        _memory?.ThrowIfReleased();
        if (_isBuilt)
        {
            (_data, _isBuilt) = (_data.Copy(isLent: _memory is not null), false);
        }

        return _data;
    }
}
