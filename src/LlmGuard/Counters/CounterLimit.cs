using System.Globalization;
using System.Text;

namespace LlmGuard.Counters;

/// <summary>
/// One limit of one policy entry: what is counted under which name, how, and how much may be. Immutable; equal when its <see cref="Id"/> is.
/// </summary>
/// <remarks>
/// The id holds level, owner and id of the entry, the dimension, the algorithm and the window, and neither limit nor burst: after a policy reload
/// that changes only these, counting goes on where it was. With another window or algorithm it starts anew.
/// </remarks>
public sealed class CounterLimit : IEquatable<CounterLimit>
{
    /// <summary>The largest limit, burst and cost: what a double, and so every store, counts without rounding.</summary>
    public const long MaxValue = 1L << 52;

    private readonly int _hash;

    /// <summary>Describes a limit.</summary>
    /// <param name="entry">The policy entry whose limit it is.</param>
    /// <param name="dimension">What it counts by, unique within the entry, such as <c>per_user</c>; from the policy, never from a request.</param>
    /// <param name="algorithm">How it counts.</param>
    /// <param name="limit">How much may be, from 0 to <see cref="MaxValue"/>. 0 lets nothing through that costs anything.</param>
    /// <param name="window">
    /// The window, from 1 millisecond to 366 days; of <see cref="CounterAlgorithm.Concurrency"/> how long a lease holds without renewal.
    /// </param>
    /// <param name="burst">How much at once, for <see cref="CounterAlgorithm.Gcra"/> only: at least 1, null for the limit itself.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or the window is out of range, or there is a burst where there can be none.</exception>
    public CounterLimit(GuardrailEntry entry, string dimension, CounterAlgorithm algorithm, long limit, TimeSpan window, long? burst = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentException.ThrowIfNullOrEmpty(dimension);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, TimeSpan.FromDays(366));
        if (burst is { } most && (algorithm != CounterAlgorithm.Gcra || most is < 1 or > MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(burst));
        }

        Entry = entry;
        Dimension = dimension;
        Algorithm = algorithm;
        Limit = limit;
        Window = window;
        Burst = burst ?? limit;
        Id = MakeId(entry, dimension, algorithm, window);
        _hash = Id.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>
    /// Identifies the counters across reloads and processes. ASCII lower case where names are; parts are told apart by their lengths.
    /// </summary>
    public string Id { get; }

    /// <summary>The policy entry.</summary>
    public GuardrailEntry Entry { get; }

    /// <summary>What it counts by.</summary>
    public string Dimension { get; }

    /// <summary>How it counts.</summary>
    public CounterAlgorithm Algorithm { get; }

    /// <summary>How much may be within the window.</summary>
    public long Limit { get; }

    /// <summary>The window, or how long a lease holds.</summary>
    public TimeSpan Window { get; }

    /// <summary>How much may be at once; the limit itself except for <see cref="CounterAlgorithm.Gcra"/> with a burst of its own.</summary>
    public long Burst { get; }

    /// <inheritdoc/>
    public bool Equals(CounterLimit? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Id == other.Id);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CounterLimit);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Names dimension, limit and window.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Dimension}: {Limit} per {Window} ({Algorithm})");

    private static string MakeId(GuardrailEntry entry, string dimension, CounterAlgorithm algorithm, TimeSpan window)
    {
        var id = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)[entry.Level, entry.Owner, entry.Id, dimension])
        {
            id.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}/");
        }

        var word = algorithm switch
        {
            CounterAlgorithm.SlidingWindow => "sliding",
            CounterAlgorithm.Gcra => "gcra",
            CounterAlgorithm.FixedWindow => "fixed",
            CounterAlgorithm.Concurrency => "concurrency",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        return id.Append(CultureInfo.InvariantCulture, $"{word}/{window.Ticks / TimeSpan.TicksPerMillisecond}").ToString();
    }
}
