using System.Collections.Concurrent;
using LlmGuard.Audit;

namespace LlmGuard.Integration.Tests.Sinks;

/// <summary>Keeps the records it is given, and then does what a test says.</summary>
internal sealed class RecordingAuditSink : IGuardrailAuditSink
{
    private readonly ConcurrentQueue<GuardrailAuditRecord> _records = new();

    public Func<GuardrailAction, bool> IsAsked { get; init; } = static _ => true;

    public Action<GuardrailAuditRecord> Then { get; init; } = static _ => { };

    public IReadOnlyCollection<GuardrailAuditRecord> Records => _records;

    public bool IsEnabled(GuardrailAction action) => IsAsked(action);

    public void Write(GuardrailAuditRecord record)
    {
        _records.Enqueue(record);
        Then(record);
    }
}
