using LlmGuard.Policy;

namespace LlmGuard.Execution;

/// <summary>The policy as the seams take it for a call.</summary>
internal static class PolicyInForce
{
    /// <summary>A lease on the policy in force.</summary>
    /// <param name="policies">The policies.</param>
    /// <exception cref="ObjectDisposedException">The services are disposed; names what the application knows of them.</exception>
    public static PolicyLease Take(this IPolicyProvider policies)
    {
        try
        {
            return policies.Acquire();
        }
        catch (ObjectDisposedException)
        {
            throw new ObjectDisposedException(typeof(IAiGuardrails).FullName, "The services that the guardrails belong to are disposed.");
        }
    }
}
