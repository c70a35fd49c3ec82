namespace LlmGuard.Planning;

/// <summary>What happens to content that cannot be read; the policy's <c>uninspected</c>.</summary>
internal sealed record UninspectedPolicy
{
    public static UninspectedPolicy Default { get; } = new();

    public UninspectedAction TokenIds { get; init; } = UninspectedAction.Block;

    public UninspectedAction Tunnel { get; init; } = UninspectedAction.Block;

    public UninspectedAction UndecodableText { get; init; } = UninspectedAction.Block;

    public UninspectedAction Image { get; init; } = UninspectedAction.Flag;

    public UninspectedAction Audio { get; init; } = UninspectedAction.Flag;

    public UninspectedAction File { get; init; } = UninspectedAction.Flag;

    public UninspectedAction EncryptedReasoning { get; init; } = UninspectedAction.Flag;

    public UninspectedAction ServerState { get; init; } = UninspectedAction.Flag;

    public UninspectedAction For(UninspectedKind kind) => kind switch
    {
        UninspectedKind.TokenIds => TokenIds,
        UninspectedKind.Tunnel => Tunnel,
        UninspectedKind.UndecodableText => UndecodableText,
        UninspectedKind.Image => Image,
        UninspectedKind.Audio => Audio,
        UninspectedKind.EncryptedReasoning => EncryptedReasoning,
        UninspectedKind.ServerState => ServerState,
        _ => File,
    };
}

/// <summary>What a kind of unreadable content leads to.</summary>
internal enum UninspectedAction
{
    /// <summary>An input failure (on a response: an output failure).</summary>
    Block,

    /// <summary>Passes and is recorded as not inspected.</summary>
    Flag,

    /// <summary>Passes and is recorded as not inspected, without counting as flagged.</summary>
    Allow,
}
