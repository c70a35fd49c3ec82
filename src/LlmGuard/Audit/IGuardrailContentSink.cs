namespace LlmGuard.Audit;

/// <summary>
/// Receives copies of what was asked and answered, after the masks of <see cref="GuardrailStage.PostResponse"/>. Register any number as
/// singletons. Without one no copy is made for it.
/// </summary>
/// <remarks>
/// Called in the background, by many threads at once, once for each call; at most 16 records at a time, others wait. When a masking entry of
/// <see cref="GuardrailStage.PostResponse"/> fails, memory for the copies is short, or more than
/// <see cref="AiGuardrailsOptions.MaxMonitorQueueBytes"/> wait for this sink, nothing is written, and the log says so. An exception is logged and
/// hurts nothing else, nor does a sink that is slow. A body that no entry of the call's scope reads is not read for a sink either: its copy is empty.
/// </remarks>
public interface IGuardrailContentSink
{
    /// <summary>Takes the copies of one call.</summary>
    /// <param name="record">The copies. They own their memory and may be kept.</param>
    /// <param name="cancellationToken">Signals that the host stops.</param>
    ValueTask WriteAsync(GuardrailContentRecord record, CancellationToken cancellationToken);
}

/// <summary>What was asked and answered in one call. The only record that holds content.</summary>
public sealed class GuardrailContentRecord
{
    /// <summary>The call's id, which audit records share.</summary>
    public required string Id { get; init; }

    /// <summary>The policy's revision.</summary>
    public required string Revision { get; init; }

    /// <summary>What the policy resolved the call to.</summary>
    public required GuardrailScope Scope { get; init; }

    /// <summary>How the call ended.</summary>
    public required CallEnding Ending { get; init; }

    /// <summary>The request as it was sent on, or as far as it came; masked.</summary>
    public required GuardrailContent Request { get; init; }

    /// <summary>The answer as it was delivered, or as far as it came; masked. Empty when there was none.</summary>
    public required GuardrailContent Response { get; init; }

    /// <summary>Names the call without its content.</summary>
    public override string ToString() => $"content of {Id}";
}
