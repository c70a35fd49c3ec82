namespace LlmGuard;

/// <summary>What an availability failure leads to; the policy's <c>on_error</c>. Input and output failures are not subject to it.</summary>
public enum FailurePolicy
{
    /// <summary>The call is answered with 503. <c>block</c> in a policy.</summary>
    Block,

    /// <summary>The call goes on and is recorded as failed open. <c>allow</c> in a policy.</summary>
    Allow,
}
