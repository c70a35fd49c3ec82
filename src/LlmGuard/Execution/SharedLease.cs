namespace LlmGuard.Execution;

/// <summary>
/// Owns what several users may still read: the buffers behind a call's content, the evaluators of its policy. Disposed with the last user, so an
/// evaluation that ignores its cancellation goes on reading its own bytes. Thread-safe. Begins with one user, the call itself.
/// </summary>
internal class SharedLease
{
    // Nearly always there are one or two, which need no list: a body and what is read of it, or its bytes and the room they take.
    private IDisposable? _first;
    private IDisposable? _second;
    private Owned? _owned;
    private UseCount _users = new();

    /// <summary>Hands something over; disposed at once when the last user has gone already.</summary>
    public void Attach(IDisposable owned)
    {
        if (!TryRetain())
        {
            owned.Dispose();
            return;
        }

        // Attaching counts as a use, so that nobody disposes of the list meanwhile.
        if (Interlocked.CompareExchange(ref _first, owned, null) is not null
            && Interlocked.CompareExchange(ref _second, owned, null) is not null)
        {
            Append(new Owned(owned));
        }

        Release();
    }

    /// <summary>Adds a user; false when the last one has gone already.</summary>
    public bool TryRetain() => _users.TryAdd();

    /// <summary>Ends one use.</summary>
    public void Release()
    {
        if (!_users.Remove())
        {
            return;
        }

        Interlocked.Exchange(ref _first, null)?.Dispose();
        Interlocked.Exchange(ref _second, null)?.Dispose();
        for (var owned = Interlocked.Exchange(ref _owned, null); owned is not null; owned = owned.Next)
        {
            owned.Value.Dispose();
        }
    }

    private void Append(Owned added)
    {
        do
        {
            added.Next = Volatile.Read(ref _owned);
        }
        while (Interlocked.CompareExchange(ref _owned, added, added.Next) != added.Next);
    }

    private sealed class Owned(IDisposable value)
    {
        public IDisposable Value => value;

        public Owned? Next { get; set; }
    }
}
