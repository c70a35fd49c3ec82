using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard;

/// <summary>One call from its first stage to its last, under one revision of the policy.</summary>
/// <remarks>
/// Evaluate the request stages, then the response stage, then dispose: disposal starts <see cref="GuardrailStage.PostResponse"/>, exactly once
/// for every call whose <see cref="GuardrailStage.PreRequest"/> began, in the background and on copies. Stages are evaluated one at a time,
/// except that <see cref="GuardrailStage.PostRequest"/> may run while the model answers.
/// </remarks>
public abstract class GuardedCall : IAsyncDisposable
{
    private protected GuardedCall()
    {
    }

    /// <summary>128 random bits in lower-case hexadecimal: the value of <c>X-Guardrail-Id</c>.</summary>
    public abstract string Id { get; }

    /// <summary>The policy's revision.</summary>
    public abstract string Revision { get; }

    /// <summary>What the policy resolved the call to.</summary>
    public abstract GuardrailScope Scope { get; }

    /// <summary>The decisions so far, in the order in which they were made.</summary>
    public abstract IReadOnlyList<GuardrailDecision> Decisions { get; }

    /// <summary>How many decisions there are so far.</summary>
    internal abstract int DecisionCount { get; }

    /// <summary>One of the decisions so far: for those who come by with every call, whose only decision needs no list then.</summary>
    /// <param name="index">From 0 to <see cref="DecisionCount"/> - 1.</param>
    internal abstract GuardrailDecision DecisionAt(int index);

    /// <summary>Why the call was refused before any stage (ambiguous path, unidentified caller), or null.</summary>
    internal abstract Refusal? EarlyRefusal { get; }

    /// <summary>What applies to this call.</summary>
    internal abstract EffectivePlan Plan { get; }

    /// <summary>Says what is known about the request, before its first stage.</summary>
    /// <param name="facts">What is known.</param>
    public abstract void Describe(RequestFacts facts);

    /// <summary>Runs the entries of a stage.</summary>
    /// <param name="stage">The stage; not <see cref="GuardrailStage.PostResponse"/>, which disposal runs.</param>
    /// <param name="content">The request's content at the request stages, the answer's at <see cref="GuardrailStage.PreResponse"/>.</param>
    /// <param name="cancellationToken">The caller's cancellation, which propagates and is neither a failure nor an allow.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stage"/> is none of the stages.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="InvalidOperationException">The stage is <see cref="GuardrailStage.PostResponse"/> or the call is disposed.</exception>
    public abstract ValueTask<GuardrailDecision> EvaluateAsync(
        GuardrailStage stage,
        GuardrailContent content,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that content could not be read. Refused if an enforcing entry of the stage needs what could not be read, else passed and recorded.
    /// </summary>
    /// <param name="stage">The stage whose content it is.</param>
    /// <param name="failure">What went wrong.</param>
    /// <param name="statusCode">
    /// HTTP status of the refusal: 400 malformed, 413 too large, 415 encoding, 403 otherwise; 502 for answers; 503 when the process is out of room,
    /// which counts as an availability failure with a time to try again.
    /// </param>
    /// <param name="unread">What could not be read.</param>
    /// <param name="detail">
    /// What the caller is told of it: half a sentence on the request or the answer, without content; null for what the reason says.
    /// </param>
    internal abstract ValueTask<GuardrailDecision> FailAsync(
        GuardrailStage stage,
        GuardrailFailure failure,
        int statusCode,
        GuardrailNeeds unread = GuardrailNeeds.Content,
        string? detail = null);

    /// <summary>
    /// Says what monitoring entries alone wanted to read of the request or the answer and nobody could: they are not run on the rest, and recorded as
    /// failed. To be called before the stage is evaluated.
    /// </summary>
    /// <param name="isResponse">Whether it is of the answer.</param>
    /// <param name="unread">What could not be read.</param>
    /// <param name="failure">Why.</param>
    internal abstract void LeaveUnread(bool isResponse, GuardrailNeeds unread, GuardrailFailure failure);

    /// <summary>Begins <see cref="GuardrailStage.PreResponse"/> of an answer that is judged while it arrives.</summary>
    internal abstract StreamRun BeginStream();

    /// <summary>
    /// Hands over what the content lives in (pooled buffers, room in the budget). Disposed once, possibly later and on another thread: when the
    /// call is disposed and no evaluation still reads. Disposing must clear buffers before they go back to a pool.
    /// </summary>
    /// <param name="buffers">The owner of the memory.</param>
    internal abstract void AttachBuffers(IDisposable buffers);

    /// <summary>Says what the upstream answered, before <see cref="GuardrailStage.PreResponse"/>.</summary>
    /// <param name="statusCode">HTTP status, or null when the call is not HTTP.</param>
    public abstract void DescribeResponse(int? statusCode);

    /// <summary>
    /// Says how the call ended; the last word before disposal counts. Without it the call counts as aborted, or as blocked if it was.
    /// </summary>
    /// <param name="ending">How it ended.</param>
    /// <param name="usage">Token usage the provider reported, or null.</param>
    public abstract void Complete(CallEnding ending, TokenUsage? usage = null);

    /// <summary>
    /// Ends the call and starts <see cref="GuardrailStage.PostResponse"/>. Returns without waiting for it. Repeating it does nothing.
    /// </summary>
    public abstract ValueTask DisposeAsync();
}
