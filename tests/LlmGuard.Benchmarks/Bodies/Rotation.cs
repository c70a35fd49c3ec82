namespace LlmGuard.Benchmarks.Bodies;

/// <summary>Hands out distinct items in turn. Not thread-safe, except that a race only changes which one comes next.</summary>
internal sealed class Rotation<T>(IReadOnlyList<T> items)
{
    // An array, and no division: what is measured may itself take but a few hundred nanoseconds.
    private readonly T[] _items = [.. items];
    private int _next;

    public T Next()
    {
        var next = _next + 1;
        next = next < _items.Length ? next : 0;
        _next = next;
        return _items[next];
    }
}
