using LlmGuard.Policy.Reading;

namespace LlmGuard.Policy.Revisions;

/// <summary>One revision of the policy, counted by its users; its evaluators are let go when the last one leaves.</summary>
internal sealed class PolicyRevision(LoadedPolicy policy, PolicyTable table)
{
    private int _references = 1;

    public LoadedPolicy Policy => policy;

    public PolicyTable Table => table;

    /// <summary>Takes a reference; false when the last one is gone, and then the revision is not in force any more.</summary>
    public bool TryAddReference()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            policy.Release();
        }
    }
}
