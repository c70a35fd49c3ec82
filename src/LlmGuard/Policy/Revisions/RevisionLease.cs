using LlmGuard.Planning;

namespace LlmGuard.Policy.Revisions;

/// <summary>A reference to a revision.</summary>
internal sealed class RevisionLease : PolicyLease
{
    // One that this thread was given back, of no revision.
    [ThreadStatic]
    private static RevisionLease? _spare;

    private PolicyRevision? _revision;
    private int _isDisposed;

    private RevisionLease(PolicyRevision revision) => _revision = revision;

    public override string Revision => Held.Policy.Document.Revision;

    public override PolicyDocument Document => Held.Policy.Document;

    public override bool DependsOnMethod => Held.Table.Scopes?.DependsOnMethod ?? true;

    public ScopeTable? Scopes => Held.Table.Scopes;

    private PolicyRevision Held => _revision ?? throw new ObjectDisposedException(nameof(RevisionLease));

    /// <summary>A lease.</summary>
    /// <param name="revision">The revision, with a reference that the lease takes over.</param>
    public static RevisionLease Of(PolicyRevision revision)
    {
        if (_spare is not { } spare)
        {
            return new RevisionLease(revision);
        }

        _spare = null;
        spare._revision = revision;
        Volatile.Write(ref spare._isDisposed, 0);
        return spare;
    }

    public override ScopeResolution Resolve(in ScopeQuery query)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return Held.Table.Resolve(in query);
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Held.Release();
        }
    }

    public override void GiveBack()
    {
        Dispose();

        // A policy that is replaced must not be kept by a thread that has nothing to do.
        _revision = null;
        _spare = this;
    }
}
