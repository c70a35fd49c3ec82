namespace LlmGuard;

/// <summary>The guardrails of the application, on which every seam stands. A thread-safe singleton.</summary>
public interface IAiGuardrails
{
    /// <summary>Begins a call that goes through several stages.</summary>
    /// <param name="options">What is known about the call.</param>
    /// <returns>The call; dispose it when its answer has been delivered or given up.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The services that the guardrails belong to are disposed.</exception>
    /// <exception cref="GuardrailPolicyException">No host has loaded the policy, and there is none or it is refused.</exception>
    GuardedCall Begin(GuardedCallOptions options);

    /// <summary>Judges one content at one stage, as a call of its own.</summary>
    /// <param name="stage">The stage; not <see cref="GuardrailStage.PostResponse"/>.</param>
    /// <param name="content">The content.</param>
    /// <param name="options">What is known about the call; null for a call of plain code.</param>
    /// <param name="cancellationToken">The caller's cancellation, which propagates.</param>
    /// <returns>The decision. A guardrail that fails is part of it, never an exception.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stage"/> is none of the stages.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="stage"/> is <see cref="GuardrailStage.PostResponse"/>.</exception>
    /// <exception cref="ObjectDisposedException">The services that the guardrails belong to are disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="GuardrailPolicyException">No host has loaded the policy, and there is none or it is refused.</exception>
    ValueTask<GuardrailDecision> EvaluateAsync(
        GuardrailStage stage,
        GuardrailContent content,
        GuardedCallOptions? options = null,
        CancellationToken cancellationToken = default);
}
