using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Settings;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>The limits of one policy entry as its counters and headers know them. Immutable.</summary>
internal sealed class EntryLimits
{
    public EntryLimits(GuardrailEntry entry, RateSettings settings)
    {
        Windows = [.. settings.Limits.Select(l => (IReadOnlyList<NamedLimit>)[.. l.Windows.Select(w => Name(entry, l, w))])];
    }

    /// <summary>The windows of each limit, in the order of the settings.</summary>
    public IReadOnlyList<IReadOnlyList<NamedLimit>> Windows { get; }

    private static NamedLimit Name(GuardrailEntry entry, RateLimit limit, RateWindow window)
    {
        var counter = new CounterLimit(entry, limit.Type, window.Algorithm, window.Limit, window.Window, window.Burst);
        var name = window.Algorithm == CounterAlgorithm.Concurrency ? $"{limit.Type}_concurrent"
            : limit.Windows.Count(static w => w.Algorithm != CounterAlgorithm.Concurrency) > 1 ? $"{limit.Type}_{(long)window.Window.TotalSeconds}s"
            : limit.Type;
        return new NamedLimit(name, counter, window.Algorithm == CounterAlgorithm.Concurrency ? 1 : limit.Cost);
    }
}

/// <summary>A limit by one window.</summary>
/// <param name="Name">What the <c>RateLimit</c> headers call it.</param>
/// <param name="Counter">Its counter.</param>
/// <param name="Cost">What a call takes from it.</param>
internal sealed record NamedLimit(string Name, CounterLimit Counter, long Cost);
