namespace LlmGuard.Http;

/// <summary>A guardrail refused a call, and the client asked for an exception instead of a response.</summary>
/// <remarks>
/// Derives from <see cref="Exception"/> and not from <see cref="HttpRequestException"/>, so that retry policies do not take a refusal for a fault.
/// </remarks>
public sealed class GuardrailBlockedException : Exception
{
    /// <summary>Makes the exception of a refusal.</summary>
    /// <param name="refusal">What the caller is told.</param>
    /// <param name="callId">The call's id.</param>
    public GuardrailBlockedException(Refusal refusal, string callId)
        : base((refusal ?? throw new ArgumentNullException(nameof(refusal))).Message)
    {
        Refusal = refusal;
        CallId = callId;
    }

    /// <summary>What the caller is told: status, code, message.</summary>
    public Refusal Refusal { get; }

    /// <summary>The call's id: the value of <c>X-Guardrail-Id</c>.</summary>
    public string CallId { get; }
}
