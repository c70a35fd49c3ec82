namespace LlmGuard.Scanning;

/// <summary>
/// Adds up the steps of every scan that runs on this thread while it is open: how tests hold a whole plan, whatever its plugins are, to a bound on
/// work. Inline evaluators run on the thread of their call. While none is open a scan pays for one look at a field.
/// </summary>
/// <remarks>A step is a byte or a token that is looked at, however often. A look that takes sixty-four bytes at once counts as sixty-four.</remarks>
internal sealed class StepCount : IDisposable
{
    [ThreadStatic]
    private static StepCount? open;

    private readonly StepCount? _outer = open;

    private StepCount() => open = this;

    /// <summary>What counts on this thread, or null.</summary>
    public static StepCount? Current => open;

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Begins to count. Until it is disposed, what was open before counts nothing.</summary>
    public static StepCount Open() => new();

    /// <summary>Counts steps.</summary>
    public void Add(long steps) => Steps += steps;

    public void Dispose() => open = _outer;
}
