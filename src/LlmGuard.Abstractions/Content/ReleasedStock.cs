namespace LlmGuard;

/// <summary>What has been released on a thread, for the next that needs one: a few, whatever comes back.</summary>
internal static class ReleasedStock<T>
    where T : class, IReleasable
{
    // A request, its answer, and what is copied of them or nested in one.
    private const int Most = 4;

    [ThreadStatic]
    private static T? _first;

    [ThreadStatic]
    private static int _count;

    /// <summary>One of them, or null.</summary>
    public static T? Take()
    {
        if (_first is not { } taken)
        {
            return null;
        }

        (_first, taken.Next) = ((T?)taken.Next, null);
        _count--;
        return taken;
    }

    /// <summary>Keeps one that nobody has any more and that knows nothing of what it was used for, if there is room.</summary>
    public static void Keep(T released)
    {
        released.Next = null;
        if (_count < Most)
        {
            (released.Next, _first) = (_first, released);
            _count++;
        }
    }
}
