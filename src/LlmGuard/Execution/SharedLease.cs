namespace LlmGuard.Execution;

/// <summary>
/// Owns what several users may still read: the buffers behind a call's content, the evaluators of its policy. Disposed with the last user, so an
/// evaluation that ignores its cancellation goes on reading its own bytes. Thread-safe. Begins with one user, the call itself.
/// </summary>
internal sealed class SharedLease
{
    private readonly Lock _gate = new();
    private List<IDisposable>? _owned;
    private int _users = 1;

    /// <summary>Hands something over; disposed at once when the last user has gone already.</summary>
    public void Attach(IDisposable owned)
    {
        lock (_gate)
        {
            if (_users > 0)
            {
                (_owned ??= []).Add(owned);
                return;
            }
        }

        owned.Dispose();
    }

    /// <summary>Adds a user; false when the last one has gone already.</summary>
    public bool TryRetain()
    {
        lock (_gate)
        {
            if (_users == 0)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    /// <summary>Ends one use.</summary>
    public void Release()
    {
        List<IDisposable>? owned;
        lock (_gate)
        {
            if (--_users > 0)
            {
                return;
            }

            owned = _owned;
            _owned = null;
        }

        foreach (var item in owned ?? [])
        {
            item.Dispose();
        }
    }
}
