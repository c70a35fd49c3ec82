namespace LlmGuard.Execution;

/// <summary>
/// What a call lends to its evaluations: the buffers its content lives in, which this is the lease of, and the evaluators of its policy. Each is
/// given back when the call and the last evaluation that uses it have ended. Thread-safe.
/// </summary>
/// <param name="policy">The policy, whose evaluators stay alive until it is disposed.</param>
internal sealed class CallLeases(IDisposable policy) : SharedLease
{
    private UseCount _policyUsers = new();

    /// <summary>Keeps the policy's evaluators, and unless the content is a copy its buffers, alive for one evaluation.</summary>
    public bool Retain(bool isDetached)
    {
        if (!_policyUsers.TryAdd())
        {
            return false;
        }

        if (isDetached || TryRetain())
        {
            return true;
        }

        ReleasePolicy();
        return false;
    }

    /// <summary>Ends one evaluation's use.</summary>
    public void Release(bool isDetached)
    {
        if (!isDetached)
        {
            Release();
        }

        ReleasePolicy();
    }

    /// <summary>Keeps the buffers alive until disposed; false when the call has ended.</summary>
    public bool TryKeepBuffers(out KeptBuffers kept)
    {
        kept = new KeptBuffers(this);
        return TryRetain();
    }

    /// <summary>Ends one use of the policy: the call's own, or an evaluation's.</summary>
    public void ReleasePolicy()
    {
        if (_policyUsers.Remove())
        {
            policy.Dispose();
        }
    }

    /// <summary>One use of the buffers.</summary>
    internal readonly struct KeptBuffers(SharedLease buffers) : IDisposable
    {
        public void Dispose() => buffers.Release();
    }
}
