using LlmGuard.Audit;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>Keeps audit records.</summary>
internal sealed class RecordedAudit : IGuardrailAuditSink
{
    private readonly Lock _lock = new();
    private readonly List<GuardrailAuditRecord> _records = [];
    private readonly SemaphoreSlim _monitored = new(0);

    public IReadOnlyList<GuardrailAuditRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Waits for the next record of monitoring entries and gives their failures.</summary>
    public async Task<IReadOnlyList<(string Plugin, FailureClass? Class)>> MonitoredAsync()
    {
        Assert.That(await _monitored.WaitAsync(TimeSpan.FromMinutes(1)), "a monitoring entry has a record");
        return [.. Records.Where(static r => r.IsMonitor).SelectMany(static r => r.Entries).Select(static e => (e.Plugin, e.Failure?.Class))];
    }

    public void Write(GuardrailAuditRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
        }

        if (record.IsMonitor)
        {
            _monitored.Release();
        }
    }
}
