namespace LlmGuard.Http.Wire;

/// <summary>Headers of our own.</summary>
internal static class GuardrailHeaders
{
    /// <summary>The call's id, on every guarded response.</summary>
    public const string Id = "X-Guardrail-Id";
}
