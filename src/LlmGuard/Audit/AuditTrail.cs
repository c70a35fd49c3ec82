using LlmGuard.Telemetry;

namespace LlmGuard.Audit;

/// <summary>Hands records to all sinks, none of which can hurt a call.</summary>
internal sealed class AuditTrail(IEnumerable<IGuardrailAuditSink> sinks, ExecutionLog log)
{
    private readonly IGuardrailAuditSink[] _sinks = [.. sinks];

    /// <summary>Whether any sink wants records of such decisions; yes, too, where one cannot say.</summary>
    public bool IsWanted(GuardrailAction action)
    {
        foreach (var sink in _sinks)
        {
            try
            {
                if (sink.IsEnabled(action))
                {
                    return true;
                }
            }
            catch (Exception)
            {
                // Asked again when there is a record, whose loss is then logged.
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes and hands out a record if any sink wants it.</summary>
    public void Write<TState>(GuardrailAction action, GuardedCall call, TState state, Func<TState, GuardrailAuditRecord> make)
    {
        GuardrailAuditRecord? record = null;
        foreach (var sink in _sinks)
        {
            try
            {
                if (sink.IsEnabled(action))
                {
                    sink.Write(record ??= make(state));
                }
            }
            catch (Exception exception)
            {
                // A sink is the application's code: a record that is lost is said to be lost, and the call goes on.
                log.AuditSinkFailed(sink.GetType().FullName, exception.GetType().FullName, call.Id);
            }
        }
    }
}
