namespace LlmGuard.Plugins.RequestSizeLimiter;

/// <summary>The settings of one entry. A limit that is null does not apply. Immutable.</summary>
internal sealed record SizeLimits
{
    private const int DefaultSize = 10;

    /// <summary>Largest body in bytes, as sent and decoded.</summary>
    public required long Bytes { get; init; }

    /// <summary>Most Unicode code points of text.</summary>
    public long? Characters { get; init; }

    /// <summary>Most messages or input items.</summary>
    public int? Messages { get; init; }

    /// <summary>Deepest JSON nesting; 1 is a flat object.</summary>
    public int? JsonDepth { get; init; }

    /// <summary>Whether a body without a stated length is refused.</summary>
    public bool RequiresContentLength { get; init; }

    public static SizeLimits Read(GuardrailSettings settings)
    {
        var size = settings.Int32("allowed_payload_size", DefaultSize, min: 1);
        var unit = settings.Choice(
            "size_unit",
            1024L * 1024,
            KeyValuePair.Create("bytes", 1L),
            KeyValuePair.Create("kilobytes", 1024L),
            KeyValuePair.Create("megabytes", 1024L * 1024));
        return new SizeLimits
        {
            Bytes = size * unit,
            Characters = settings.OptionalInt64("max_chars_per_request", min: 1),
            Messages = settings.OptionalInt32("max_messages", min: 1),
            JsonDepth = settings.OptionalInt32("max_json_depth", min: 1),
            RequiresContentLength = settings.Boolean("require_content_length", false),
        };
    }
}
