namespace LlmGuard.Planning;

/// <summary>The words a policy document uses for enumerated values.</summary>
internal static class PolicyNames
{
    public static string Of(GuardrailStage stage) => stage switch
    {
        GuardrailStage.PreRequest => "pre_request",
        GuardrailStage.PostRequest => "post_request",
        GuardrailStage.PreResponse => "pre_response",
        _ => "post_response",
    };

    public static string Of(SegmentSource source) => source switch
    {
        SegmentSource.Body => "body",
        SegmentSource.Headers => "headers",
        _ => "path_and_query",
    };

    public static string Of(UninspectedKind kind) => kind switch
    {
        UninspectedKind.TokenIds => "token_ids",
        UninspectedKind.Tunnel => "tunnel",
        UninspectedKind.UndecodableText => "undecodable_text",
        UninspectedKind.Image => "image",
        UninspectedKind.Audio => "audio",
        UninspectedKind.EncryptedReasoning => "encrypted_reasoning",
        UninspectedKind.ServerState => "server_state",
        _ => "file",
    };

    public static string Of(UninspectedAction action) => action switch
    {
        UninspectedAction.Block => "block",
        UninspectedAction.Flag => "flag",
        _ => "allow",
    };
}
