namespace LlmGuard;

/// <summary>A segment as stored. Either <see cref="Utf8"/> or <see cref="Utf16"/> is the native form of a text; the other is made on demand.</summary>
internal struct SegmentData
{
    public SegmentInfo Info;
    public PayloadKind Payload;
    public ReadOnlyMemory<byte> Utf8;
    public bool HasUtf8;
    public string? Utf16;
    public string? MediaType;
    public Uri? Uri;
    public UninspectedKind? Uninspected;
}
