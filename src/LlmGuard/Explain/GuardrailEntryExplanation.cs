namespace LlmGuard;

/// <summary>One entry of an effective plan. Without its settings.</summary>
public sealed record GuardrailEntryExplanation
{
    /// <summary>Level, owner, id and plugin.</summary>
    public required GuardrailEntry Entry { get; init; }

    /// <summary>Where the entry stands in the policy document, as a JSON path.</summary>
    public required string DocumentPath { get; init; }

    /// <summary>The sequential order, lower first; without effect when <see cref="IsParallel"/>.</summary>
    public required int Priority { get; init; }

    /// <summary>Whether it runs at once with the stage's other parallel entries, after the sequential ones.</summary>
    public required bool IsParallel { get; init; }

    /// <summary>Whether it only watches.</summary>
    public required bool IsMonitor { get; init; }

    /// <summary>Whether narrower levels cannot touch it.</summary>
    public required bool IsLocked { get; init; }

    /// <summary>What an availability failure leads to.</summary>
    public required FailurePolicy OnError { get; init; }

    /// <summary>Total deadline of one evaluation.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The roles it judges; empty means all.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The segment kinds it judges; empty means all.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>The sources it judges; empty means all.</summary>
    public required IReadOnlyList<SegmentSource> Sources { get; init; }

    /// <summary>Most bytes it holds back of a stream; null when it judges the text as a whole.</summary>
    public required int? HoldBackBytes { get; init; }

    /// <summary>
    /// How it judges an answer that arrives in pieces: <c>incremental</c>, <c>head</c>, <c>buffer</c>, or <c>none</c> when it reads nothing of the
    /// body.
    /// </summary>
    public required string StreamingMode { get; init; }

    /// <summary>The inherited entries it replaced, with what became weaker.</summary>
    public required IReadOnlyList<string> Replaced { get; init; }

    /// <summary>Identical entries of narrower levels that run as this one.</summary>
    public required IReadOnlyList<string> RunsFor { get; init; }
}
