using System.Diagnostics.Metrics;
using LlmGuard.Audit;
using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Policy;
using LlmGuard.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tests.Execution.Doubles;

/// <summary>The executor with a policy, a clock, a log and sinks of the test's own.</summary>
internal sealed class Harness : IDisposable
{
    private readonly LoggerFactory _loggers;
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public Harness(EffectivePlan plan, Action<AiGuardrailsOptions>? configure = null, params IGuardrailContentSink[] contentSinks)
    {
        var options = new AiGuardrailsOptions();
        configure?.Invoke(options);
        Policy = new FakePolicyProvider(plan);
        _loggers = new LoggerFactory([Log], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        Budget = new HeldBytesBudget(options.MaxHeldBytes);
        Telemetry = new GuardrailTelemetry(Meters, Budget);
        Vaults = new InMemoryMaskVaultStore(1_000_000, Time);
        Services = new ExecutionServices(
            options,
            Time,
            Budget,
            Telemetry,
            new GenAiGuardrailEvents(_loggers.CreateLogger(GenAiGuardrailEvents.Category)),
            new ExecutionLog(_loggers.CreateLogger<ExecutionLog>()),
            [Audit, new LoggingAuditSink(_loggers.CreateLogger<LoggingAuditSink>())],
            contentSinks,
            Vaults);
        Guardrails = new AiGuardrails(Policy, Services);
    }

    public ManualTime Time { get; } = new();

    public InMemoryMaskVaultStore Vaults { get; }

    public CapturingLoggerProvider Log { get; } = new();

    public RecordingAuditSink Audit { get; } = new();

    public FakePolicyProvider Policy { get; }

    public HeldBytesBudget Budget { get; }

    public IMeterFactory Meters => _metrics.GetRequiredService<IMeterFactory>();

    public GuardrailTelemetry Telemetry { get; }

    public ExecutionServices Services { get; }

    public AiGuardrails Guardrails { get; }

    public GuardedCallCore Begin() => (GuardedCallCore)Guardrails.Begin(new GuardedCallOptions());

    public ValueTask<GuardrailDecision> EvaluateAsync(GuardrailStage stage, string text, CancellationToken cancellationToken = default) =>
        Guardrails.EvaluateAsync(stage, GuardrailContent.FromText(text, SegmentRole.User), null, cancellationToken);

    /// <summary>Waits until the background is done, whatever the clock says.</summary>
    public async Task DrainAsync()
    {
        await Services.Monitors.DrainAsync(TimeSpan.FromDays(1), TimeProvider.System, CancellationToken.None);
        await Services.PostResponses.DrainAsync(TimeSpan.FromDays(1), TimeProvider.System, CancellationToken.None);
        await Services.Contents.DrainAsync(TimeSpan.FromDays(1), TimeProvider.System, CancellationToken.None);
    }

    public void Dispose()
    {
        Services.Dispose();
        Telemetry.Dispose();
        _metrics.Dispose();
        _loggers.Dispose();
    }
}

internal sealed class FakePolicyProvider(EffectivePlan plan) : IPolicyProvider
{
    private int _leases;

    public bool IsAmbiguous { get; set; }

    public bool IsUnidentified { get; set; }

    /// <summary>The plan; setting it is a reload.</summary>
    public EffectivePlan Plan { get; set; } = plan;

    /// <summary>Leases that are not disposed.</summary>
    public int Leases => Volatile.Read(ref _leases);

    public PolicyLease Acquire()
    {
        Interlocked.Increment(ref _leases);
        return new Lease(this);
    }

    private sealed class Lease(FakePolicyProvider owner) : PolicyLease
    {
        private int _disposed;

        public override string Revision => "revision";

        public override ScopeResolution Resolve(in ScopeQuery query) => new(owner.Plan, owner.IsAmbiguous, owner.IsUnidentified);

        public override void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._leases);
            }
        }
    }
}

internal sealed class RecordingAuditSink : IGuardrailAuditSink
{
    private readonly Lock _gate = new();
    private readonly List<GuardrailAuditRecord> _records = [];

    public IReadOnlyList<GuardrailAuditRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    public void Write(GuardrailAuditRecord record)
    {
        lock (_gate)
        {
            _records.Add(record);
        }
    }
}

internal sealed class CapturingLoggerProvider : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly List<LogLine> _lines = [];

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    internal sealed record LogLine(
        string Category, LogLevel Level, EventId Event, string Text, IReadOnlyList<KeyValuePair<string, object?>> Attributes);

    private sealed class Logger(CapturingLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var attributes = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
            var line =
                new LogLine(category, logLevel, eventId, $"{formatter(state, exception)} {exception} {string.Join(' ', attributes)}", attributes);
            lock (owner._gate)
            {
                owner._lines.Add(line);
            }
        }
    }
}
