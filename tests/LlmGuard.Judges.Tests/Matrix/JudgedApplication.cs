using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LlmGuard.Audit;
using LlmGuard.Tests.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Judges.Tests.Matrix;

/// <summary>An application whose policy has one entry, which asks a judge; with its log and audit at hand.</summary>
internal sealed class JudgedApplication : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly AuditRecords _audit = new();
    private readonly LogLines _log = new();

    public JudgedApplication(
        JudgeDescriptor judge,
        Uri address,
        string onError = "block",
        string mode = "enforce",
        TimeSpan? timeout = null,
        Action<JsonObject>? settings = null,
        string stage = "pre_request")
    {
        var own = JsonNode.Parse(judge.Settings(address))!.AsObject();
        own["allow_private_endpoints"] = true;
        own["retries"] = 0;
        settings?.Invoke(own);
        var policy = new JsonObject
        {
            ["gateway"] = new JsonObject
            {
                ["name"] = "G",
                ["required_plugins"] = new JsonArray(new JsonObject
                {
                    ["name"] = judge.Plugin,
                    ["stage"] = stage,
                    ["on_error"] = onError,
                    ["mode"] = mode,
                    ["timeout_ms"] = (int)(timeout ?? TimeSpan.FromSeconds(20)).TotalMilliseconds,
                    ["settings"] = own,
                }),
            },
        };
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        services.AddSingleton<IGuardrailAuditSink>(_audit);
        judge.Add(services.AddAiGuardrails(options => options.PolicyJson = policy.ToJsonString()));
        _services = services.BuildServiceProvider();
    }

    /// <summary>The services.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Everything that was logged and audited, as text.</summary>
    public string Written => string.Join('\n', _log.Lines.Concat(_audit.Texts));

    public ValueTask<GuardrailDecision> JudgeAsync(
        string text,
        GuardrailStage stage = GuardrailStage.PreRequest,
        CancellationToken cancellationToken = default) =>
        JudgeAsync(GuardrailContent.FromText(text, SegmentRole.User), stage, cancellationToken);

    public ValueTask<GuardrailDecision> JudgeAsync(
        GuardrailContent content,
        GuardrailStage stage = GuardrailStage.PreRequest,
        CancellationToken cancellationToken = default) =>
        _services.GetRequiredService<IAiGuardrails>().EvaluateAsync(stage, content, null, cancellationToken);

    /// <summary>The next record of a monitoring entry.</summary>
    public async Task<GuardrailAuditRecord> MonitoredAsync() => await _audit.Monitored.Reader.ReadAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class AuditRecords : IGuardrailAuditSink
    {
        private readonly ConcurrentQueue<string> _texts = new();

        public Channel<GuardrailAuditRecord> Monitored { get; } = Channel.CreateUnbounded<GuardrailAuditRecord>();

        public IEnumerable<string> Texts => _texts;

        public void Write(GuardrailAuditRecord record)
        {
            _texts.Enqueue($"{record} {string.Join(' ', record.Entries)}");
            if (record.IsMonitor)
            {
                Monitored.Writer.TryWrite(record);
            }
        }
    }
}
