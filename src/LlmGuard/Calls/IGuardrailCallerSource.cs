namespace LlmGuard;

/// <summary>Knows the caller from the surroundings of an outgoing call, such as the current HTTP request. A thread-safe singleton.</summary>
public interface IGuardrailCallerSource
{
    /// <summary>The caller, or null when there is none here.</summary>
    GuardrailCaller? GetCaller();
}
