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

    /// <summary>Copies segments while evaluators may still be encoding their texts: one that is not encoded yet is copied as not encoded.</summary>
    /// <param name="from">The segments.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="copy">Where to.</param>
    public static void Copy(SegmentData[] from, int count, SegmentData[] copy)
    {
        for (var i = 0; i < count; i++)
        {
            var hasUtf8 = Volatile.Read(ref from[i].HasUtf8);
            copy[i] = from[i];
            if (copy[i].Payload == PayloadKind.Text && !hasUtf8)
            {
                copy[i].Utf8 = default;
                copy[i].HasUtf8 = false;
            }
        }
    }
}
