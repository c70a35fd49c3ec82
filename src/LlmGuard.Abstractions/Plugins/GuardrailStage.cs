namespace LlmGuard;

/// <summary>When in a call a guardrail runs.</summary>
public enum GuardrailStage
{
    /// <summary>Before the model is called; may change the request. <c>pre_request</c> in a policy.</summary>
    PreRequest,

    /// <summary>Beside the call to the model, on the request as it was sent; may block, changes nothing. <c>post_request</c>.</summary>
    PostRequest,

    /// <summary>Before the answer leaves; may change the response. <c>pre_response</c>.</summary>
    PreResponse,

    /// <summary>After the last byte, on a detached copy; exactly once per call. <c>post_response</c>.</summary>
    PostResponse,
}
