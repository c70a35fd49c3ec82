using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;

namespace LlmGuard.Remote.Transport;

/// <summary>
/// What all entries share that ask the same judge with the same credential: the circuit breaker and the bulkheads. Thread-safe.
/// </summary>
internal sealed class JudgeGate
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ConcurrentDictionary<int, Bulkhead> _bulkheads = new();
    private readonly TimeProvider _time;
    private long _openUntil;

    /// <param name="plugin">The judge's plugin.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told when the breaker opens or closes.</param>
    public JudgeGate(string plugin, TimeProvider time, JudgeLog log)
    {
        _time = time;
        Plugin = plugin;
        Breaker = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                // Content must not open it: neither a text the judge refuses nor one it stumbles over counts.
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is null && args.Outcome.Result.CountsAgainstJudge),
                FailureRatio = 0.5,
                MinimumThroughput = MinimumThroughput,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = BreakDuration,
                StateProvider = _state,
                OnOpened = args =>
                {
                    Volatile.Write(ref _openUntil, (time.GetUtcNow() + args.BreakDuration).UtcTicks);
                    log.BreakerOpened(plugin, args.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    log.BreakerClosed(plugin);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>How many attempts within 30 seconds it takes, half of them failed, to open the breaker.</summary>
    public const int MinimumThroughput = 10;

    /// <summary>How long an open breaker lets nothing through; then one attempt decides.</summary>
    public static TimeSpan BreakDuration { get; } = TimeSpan.FromSeconds(5);

    public string Plugin { get; }

    /// <summary>How many hold it; kept by <see cref="JudgeGates"/> under its lock.</summary>
    public int Holders { get; set; }

    public ResiliencePipeline<Attempt> Breaker { get; }

    /// <summary>The bulkhead of all entries that state the same limit.</summary>
    /// <param name="maxConcurrency">Most requests at once.</param>
    public Bulkhead BulkheadOf(int maxConcurrency) => _bulkheads.GetOrAdd(maxConcurrency, static limit => new Bulkhead(limit));

    /// <summary>The breaker's state. Half open once its break is over, although the breaker itself learns that from the next attempt only.</summary>
    public CircuitState State
    {
        get
        {
            var state = _state.CircuitState;
            return state == CircuitState.Open && _time.GetUtcNow().UtcTicks >= Volatile.Read(ref _openUntil) ? CircuitState.HalfOpen : state;
        }
    }
}
