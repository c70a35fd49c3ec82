namespace LlmGuard.Audit;

/// <summary>Receives a record of every decision. Register any number as singletons; all receive every record.</summary>
/// <remarks>
/// Called on the request path, by many threads at once: hand the record over and return. An exception is logged and hurts neither the call nor
/// the other sinks.
/// </remarks>
public interface IGuardrailAuditSink
{
    /// <summary>Whether records of an action are wanted; a record nobody wants is not made. True by default.</summary>
    /// <param name="action">The action.</param>
    bool IsEnabled(GuardrailAction action) => true;

    /// <summary>Takes a record.</summary>
    /// <param name="record">The record. Immutable; may be kept.</param>
    void Write(GuardrailAuditRecord record);
}
