namespace LlmGuard.Execution;

/// <summary>How many use something that goes with its last user. Begins with one. Thread-safe; not to be copied.</summary>
internal struct UseCount()
{
    private int _users = 1;

    /// <summary>Adds a user; false when the last one has gone already.</summary>
    public bool TryAdd()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends one use; true for the last.</summary>
    public bool Remove() => Interlocked.Decrement(ref _users) == 0;
}
