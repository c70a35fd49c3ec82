using System.Net;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests;

namespace LlmGuard.Plugins.RateLimiter.Tests;

/// <summary>One entry's evaluator with a clock of the test's own and, unless the test says otherwise, counters in memory.</summary>
internal sealed class Limiter
{
    private readonly IGuardrailEvaluator _evaluator;

    public Limiter(string settings, ICounterStore? store = null)
    {
        var metrics = new CounterMetrics(null);
        var local = new InMemoryCounterStore(1000, Time, metrics);
        Counters = new GuardrailCounters(store ?? local, local, Time, metrics);
        Settings = GuardrailSettings.Parse(settings);
        _evaluator = new RateLimiterPlugin(Counters).Create(Settings);
        Settings.ReportUnread();
    }

    public ManualTime Time { get; } = new();

    public GuardrailCounters Counters { get; }

    public GuardrailSettings Settings { get; }

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken = default) =>
        _evaluator.EvaluateAsync(call, cancellationToken);

    /// <summary>Lets one call through or not.</summary>
    public async Task<bool> PassesAsync(GuardrailCall call) => (await EvaluateAsync(call)).Outcome != VerdictOutcome.Block;

    /// <summary>How many of so many equal calls pass.</summary>
    public async Task<int> CountAsync(int calls, Func<GuardrailCall> call)
    {
        var passed = 0;
        for (var i = 0; i < calls; i++)
        {
            passed += await PassesAsync(call()) ? 1 : 0;
        }

        return passed;
    }

    public static GuardrailCall Call(
        string? consumer = null,
        string? ip = null,
        string? model = null,
        string[]? groups = null,
        IRequestHeaders? headers = null,
        bool isMonitor = false) => new(GuardrailStage.PreRequest, GuardrailContent.Empty)
    {
        Caller = new GuardrailCaller(consumer, groups ?? []),
        RemoteAddress = ip is null ? null : IPAddress.Parse(ip),
        Model = model,
        Headers = headers,
        IsMonitor = isMonitor,
        Timeout = TimeSpan.FromSeconds(70),
    };

    public static string? Header(GuardrailVerdict verdict, string name) =>
        verdict.ResponseHeaders.SingleOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>Headers as a seam would show them.</summary>
internal sealed class FakeHeaders(params (string Name, string Value)[] headers) : IRequestHeaders
{
    public string? CredentialHash { get; init; }

    public string? Find(string name) => headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>A store that is not there while <see cref="IsDown"/>.</summary>
internal sealed class BrokenStore(TimeProvider time) : ICounterStore
{
    private readonly InMemoryCounterStore _inner = new(1000, time, new CounterMetrics(null));

    public bool IsDown { get; set; } = true;

    public ValueTask<bool> ChargeAsync(
        ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states,
        CancellationToken cancellationToken = default) =>
        IsDown ? throw new CounterStoreException() : _inner.ChargeAsync(charges, states, cancellationToken);

    public ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default) =>
        IsDown ? throw new CounterStoreException() : _inner.SettleAsync(settlements, cancellationToken);

    public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default) =>
        IsDown ? throw new CounterStoreException() : _inner.RenewAsync(leases, cancellationToken);
}
