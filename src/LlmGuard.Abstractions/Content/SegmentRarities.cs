namespace LlmGuard;

/// <summary>What few segments have: a role or a kind that no policy can name, and what is known of bytes.</summary>
internal sealed class SegmentRarities(SegmentRole role, SegmentKind kind, string? name, string? mediaType, Uri? uri)
{
    public SegmentRole Role { get; } = role;

    public SegmentKind Kind { get; } = kind;

    public string? Name { get; } = name;

    public string? MediaType { get; } = mediaType;

    public Uri? Uri { get; } = uri;
}
