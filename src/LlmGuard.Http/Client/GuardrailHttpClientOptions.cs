namespace LlmGuard.Http;

/// <summary>How one guarded <see cref="HttpClient"/> behaves.</summary>
public sealed class GuardrailHttpClientOptions
{
    /// <summary>The service's id in the policy; null, the default, means the client's name.</summary>
    public string? Service { get; set; }

    /// <summary>
    /// Whether a refusal is thrown as <see cref="GuardrailBlockedException"/>. False by default: the refusal is an ordinary response in the
    /// upstream's dialect, from which an SDK raises its normal exception.
    /// </summary>
    public bool ThrowOnBlock { get; set; }
}
