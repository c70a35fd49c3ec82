namespace LlmGuard;

/// <summary>What could not be read as text; the policy's <c>uninspected</c> decides per kind whether that blocks, flags or passes.</summary>
public enum UninspectedKind
{
    /// <summary>Token ids instead of text. Blocked by default. <c>token_ids</c> in a policy.</summary>
    TokenIds,

    /// <summary>An upgraded connection, an extended CONNECT or gRPC. Blocked by default. <c>tunnel</c>.</summary>
    Tunnel,

    /// <summary>A body or part that claims to be text and cannot be decoded. Blocked by default. <c>undecodable_text</c>.</summary>
    UndecodableText,

    /// <summary>An image, by value or by reference. Flagged by default. <c>image</c>.</summary>
    Image,

    /// <summary>Audio. Flagged by default. <c>audio</c>.</summary>
    Audio,

    /// <summary>Any other file or binary body, by value or by reference. Flagged by default. <c>file</c>.</summary>
    File,

    /// <summary>Reasoning only the provider can decrypt. Flagged by default. <c>encrypted_reasoning</c>.</summary>
    EncryptedReasoning,

    /// <summary>State kept by the provider (previous responses, conversations, cached content). Flagged by default. <c>server_state</c>.</summary>
    ServerState,
}
