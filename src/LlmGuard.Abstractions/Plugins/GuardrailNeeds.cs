namespace LlmGuard;

/// <summary>What an evaluator reads. What nobody needs is neither read nor kept.</summary>
[Flags]
public enum GuardrailNeeds
{
    /// <summary>Only the scope and the caller.</summary>
    None = 0,

    /// <summary>The segments of the body.</summary>
    Content = 1,

    /// <summary>Header segments.</summary>
    Headers = 2,

    /// <summary>Path and query segments.</summary>
    PathAndQuery = 4,

    /// <summary>The sizes of the body (<see cref="GuardrailCall.Body"/>).</summary>
    BodyMetrics = 8,

    /// <summary>The request's content at later stages (<see cref="GuardrailCall.RequestContent"/>), which costs a copy.</summary>
    RequestContent = 16,

    /// <summary>The provider's token usage and how the call ended, at <see cref="GuardrailStage.PostResponse"/>.</summary>
    Usage = 32,
}
