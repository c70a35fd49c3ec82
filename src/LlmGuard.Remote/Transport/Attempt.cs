namespace LlmGuard.Remote.Transport;

/// <summary>What came of one attempt to ask a judge: an answer, or a failure.</summary>
internal readonly record struct Attempt
{
    /// <summary>Why there is no answer; null when there is one.</summary>
    public GuardrailFailure? Failure { get; init; }

    /// <summary>The HTTP status; 0 when none came.</summary>
    public int Status { get; init; }

    /// <summary>The answer's body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the judge, and nothing about the content, is to blame: the breaker counts these only.</summary>
    public bool CountsAgainstJudge { get; init; }

    /// <summary>Whether another attempt may go better: the judge was busy, restarting or could not be reached.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long the judge asked to wait; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When to try again; null when not at all.</summary>
    public TimeSpan? RetryDelay { get; init; }
}
