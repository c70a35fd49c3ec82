using System.Text.Unicode;

namespace LlmGuard;

/// <summary>Collects segments in document order. Not safe for concurrent use.</summary>
/// <remarks>
/// Text may be given as UTF-8 or as a string; whichever it is stays the native form and the other is made on demand. Bytes are not copied: the
/// caller keeps them alive and unchanged for as long as the content is in use.
/// </remarks>
public sealed class GuardrailContentBuilder
{
    private readonly List<SegmentData> _data = [];

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

        return Add(new SegmentData { Info = info, Payload = PayloadKind.Text, Utf16 = text });
    }

    /// <summary>Adds bytes that are not text: an image, audio, a file.</summary>
    /// <param name="kind">What it is, for the policy's <c>uninspected</c>.</param>
    /// <param name="bytes">The bytes, empty when only <paramref name="uri"/> is known.</param>
    /// <param name="mediaType">The media type as stated by the sender, or null.</param>
    /// <param name="uri">Where the bytes can be fetched, or null.</param>
    /// <param name="info">What is known about it; its editability is replaced by <see cref="Editability.Opaque"/>.</param>
    /// <returns>The index of the segment.</returns>
    public int AddBinary(UninspectedKind kind, ReadOnlyMemory<byte> bytes, string? mediaType, Uri? uri, in SegmentInfo info) => Add(new SegmentData
    {
        Info = info with { Editability = Editability.Opaque },
        Payload = PayloadKind.Binary,
        Utf8 = bytes,
        MediaType = mediaType,
        Uri = uri,
        Uninspected = kind,
    });

    /// <summary>Adds something that cannot be read here at all: token ids, encrypted reasoning, server-side state.</summary>
    /// <param name="kind">What it is, for the policy's <c>uninspected</c>.</param>
    /// <param name="info">What is known about it; its editability is replaced by <see cref="Editability.Opaque"/>.</param>
    /// <returns>The index of the segment.</returns>
    public int AddOpaque(UninspectedKind kind, in SegmentInfo info) => Add(new SegmentData
    {
        Info = info with { Editability = Editability.Opaque },
        Payload = PayloadKind.Opaque,
        Uninspected = kind,
    });

    /// <summary>Makes the content. The builder may be used on; what was built does not change.</summary>
    public GuardrailContent Build() => _data.Count == 0 ? GuardrailContent.Empty : new GuardrailContent([.. _data]);

    /// <summary>Adds text whose UTF-8 the caller has validated.</summary>
    internal int AddValidText(ReadOnlyMemory<byte> utf8, in SegmentInfo info) =>
        Add(new SegmentData { Info = info, Payload = PayloadKind.Text, Utf8 = utf8, HasUtf8 = true });

    private int Add(in SegmentData data)
    {
        _data.Add(data);
        return _data.Count - 1;
    }
}
