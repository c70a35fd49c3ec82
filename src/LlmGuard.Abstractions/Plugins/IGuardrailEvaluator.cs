namespace LlmGuard;

/// <summary>Judges calls for one policy entry.</summary>
public interface IGuardrailEvaluator
{
    /// <summary>Judges the content of a call at one stage.</summary>
    /// <param name="call">The call. Its texts are valid until the returned task completes.</param>
    /// <param name="cancellationToken">
    /// Signals the caller's cancellation, the entry's deadline, or that a sibling has blocked. Throw <see cref="OperationCanceledException"/> for it;
    /// the engine knows which of the three it was.
    /// </param>
    /// <returns>
    /// A verdict, or a failure made with <see cref="GuardrailVerdict.Fail(FailureClass, string)"/>. It says what was found, not what happens:
    /// the entry's mode and failure policy decide that. An exception is a failure too, never an allow.
    /// </returns>
    ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken);
}
