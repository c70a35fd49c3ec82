namespace LlmGuard.Execution;

/// <summary>
/// What a call lends to its evaluations: the evaluators of its policy, and the buffers its content lives in. Each is given back when the call and
/// the last evaluation that uses it have ended. Thread-safe.
/// </summary>
internal sealed class CallLeases
{
    private readonly SharedLease _buffers = new();
    private readonly SharedLease _policy = new();

    public CallLeases(IDisposable policy) => _policy.Attach(policy);

    public void AttachBuffers(IDisposable buffers) => _buffers.Attach(buffers);

    /// <summary>Keeps the policy's evaluators, and unless the content is a copy its buffers, alive for one evaluation.</summary>
    public bool Retain(bool isDetached)
    {
        if (!_policy.TryRetain())
        {
            return false;
        }

        if (isDetached || _buffers.TryRetain())
        {
            return true;
        }

        _policy.Release();
        return false;
    }

    /// <summary>Ends one evaluation's use.</summary>
    public void Release(bool isDetached)
    {
        if (!isDetached)
        {
            _buffers.Release();
        }

        _policy.Release();
    }

    /// <summary>Keeps the buffers alive until disposed; false when the call has ended.</summary>
    public bool TryKeepBuffers(out KeptBuffers kept)
    {
        kept = new KeptBuffers(_buffers);
        return _buffers.TryRetain();
    }

    /// <summary>Ends the call's own use of the buffers: what its later work reads are copies.</summary>
    public void ReleaseBuffers() => _buffers.Release();

    /// <summary>Ends the call's own use of the policy.</summary>
    public void ReleasePolicy() => _policy.Release();

    /// <summary>One use of the buffers.</summary>
    internal readonly struct KeptBuffers(SharedLease buffers) : IDisposable
    {
        public void Dispose() => buffers.Release();
    }
}
