using System.Collections.Concurrent;
using System.Text.Json;
using LlmGuard.Audit;

namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>Keeps every audit record as text and as JSON, and then fails with an exception that quotes the marker.</summary>
internal sealed class CapturedAudit : IGuardrailAuditSink
{
    private readonly ConcurrentQueue<string> _written = new();

    public IEnumerable<string> Written => _written;

    public void Write(GuardrailAuditRecord record)
    {
        _written.Enqueue(record + JsonSerializer.Serialize(record, JsonSerializerOptions.Web));
        if (_written.Count % 3 == 0)
        {
            throw new InvalidOperationException(Marker.Text);
        }
    }
}
