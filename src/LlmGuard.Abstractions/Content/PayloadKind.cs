namespace LlmGuard;

/// <summary>What a segment carries.</summary>
public enum PayloadKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Bytes with a media type, or a URI that leads to them.</summary>
    Binary,

    /// <summary>A reference that only the provider can resolve, or content nobody here can read.</summary>
    Opaque,
}
