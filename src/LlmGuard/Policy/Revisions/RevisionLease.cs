using LlmGuard.Planning;

namespace LlmGuard.Policy.Revisions;

/// <summary>A reference to a revision.</summary>
internal sealed class RevisionLease : PolicyLease
{
    private readonly PolicyRevision _revision;
    private int _isDisposed;

    /// <param name="revision">The revision, with a reference that the lease takes over.</param>
    public RevisionLease(PolicyRevision revision) => _revision = revision;

    public override string Revision => _revision.Policy.Document.Revision;

    public override PolicyDocument Document => _revision.Policy.Document;

    public override bool DependsOnMethod => _revision.Table.Scopes?.DependsOnMethod ?? true;

    public ScopeTable? Scopes => _revision.Table.Scopes;

    public override ScopeResolution Resolve(in ScopeQuery query)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return _revision.Table.Resolve(in query);
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _revision.Release();
        }
    }
}
