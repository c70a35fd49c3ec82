namespace LlmGuard.Benchmarks.Bodies;

/// <summary>Hands out distinct items in turn. Not thread-safe, except that a race only changes which one comes next.</summary>
internal sealed class Rotation<T>(IReadOnlyList<T> items)
{
    private int _next;

    public T Next()
    {
        _next = (_next + 1) % items.Count;
        return items[_next];
    }
}
