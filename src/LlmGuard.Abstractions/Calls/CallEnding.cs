namespace LlmGuard;

/// <summary>How a call ended.</summary>
public enum CallEnding
{
    /// <summary>The answer was delivered.</summary>
    Completed,

    /// <summary>A guardrail refused it.</summary>
    Blocked,

    /// <summary>The caller went away or cancelled.</summary>
    Aborted,

    /// <summary>The upstream failed, or its answer broke off.</summary>
    UpstreamFailed,
}
