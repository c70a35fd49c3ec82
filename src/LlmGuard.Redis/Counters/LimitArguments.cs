using System.Globalization;
using System.Runtime.CompilerServices;
using LlmGuard.Counters;

namespace LlmGuard.Redis.Counters;

/// <summary>What the scripts are told of a limit, written once per limit.</summary>
internal sealed class LimitArguments
{
    private static readonly ConditionalWeakTable<CounterLimit, LimitArguments> Known = [];

    private LimitArguments(CounterLimit limit)
    {
        Algorithm = limit.Algorithm switch
        {
            CounterAlgorithm.SlidingWindow => "s",
            CounterAlgorithm.Gcra => "g",
            CounterAlgorithm.FixedWindow => "f",
            CounterAlgorithm.Concurrency => "c",
            _ => throw new ArgumentOutOfRangeException(nameof(limit)),
        };
        Limit = Number(limit.Limit);
        Window = Number(limit.Window.Ticks / TimeSpan.TicksPerMicrosecond);
        Burst = Number(limit.Burst);
    }

    public string Algorithm { get; }

    public string Limit { get; }

    /// <summary>In microseconds.</summary>
    public string Window { get; }

    public string Burst { get; }

    public static LimitArguments Of(CounterLimit limit) => Known.GetValue(limit, static l => new LimitArguments(l));

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
