using LlmGuard.Planning;

namespace LlmGuard.Policy;

/// <summary>Hands out the policy in force.</summary>
internal interface IPolicyProvider
{
    /// <summary>The policy in force. The lease keeps its evaluators alive until it is disposed; one call uses one lease throughout.</summary>
    PolicyLease Acquire();
}

/// <summary>One revision of the policy, kept alive. Disposing twice is harmless.</summary>
internal abstract class PolicyLease : IDisposable
{
    public abstract string Revision { get; }

    /// <summary>The document behind it, or null when it was not made from one.</summary>
    public virtual PolicyDocument? Document => null;

    /// <summary>Whether two methods on one path may have different plans.</summary>
    public virtual bool DependsOnMethod => true;

    public abstract ScopeResolution Resolve(in ScopeQuery query);

    public abstract void Dispose();

    /// <summary>Disposes a lease that nobody but the caller has ever had, so that another call may be handed the same object.</summary>
    public virtual void GiveBack() => Dispose();
}
