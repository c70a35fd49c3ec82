namespace LlmGuard;

/// <summary>An evaluator that limits the size of request bodies, so that a seam can stop reading instead of buffering what will be refused.</summary>
/// <remarks>
/// When a limit is passed, reading stops, <see cref="BodyMetrics.IsTruncated"/> is set and the <see cref="GuardrailStage.PreRequest"/> entries
/// that need no content run; the one whose limit it was is expected to block. If none does, the engine refuses the call as too large.
/// </remarks>
public interface IBodyLimits
{
    /// <summary>Largest number of bytes of the decoded body, or null for no limit of its own.</summary>
    long? MaxBodyBytes { get; }

    /// <summary>Largest nesting of a JSON body, or null for no limit of its own.</summary>
    int? MaxJsonDepth { get; }
}
