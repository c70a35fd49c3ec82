using LlmGuard.Caching;

namespace LlmGuard.Planning;

/// <summary>One policy entry, ready to run. Immutable.</summary>
internal sealed class PlanEntry
{
    private GuardrailNeeds? _needs;
    private bool? _isLentCalls;

    /// <summary>Level, owner, id and plugin: the key of counters, and what decisions and audit records name.</summary>
    public required GuardrailEntry Key { get; init; }

    public required GuardrailPluginMetadata Plugin { get; init; }

    public required IGuardrailEvaluator Evaluator { get; init; }

    /// <summary>What it reads.</summary>
    public GuardrailNeeds Needs =>
        _needs ??= EntrySources.Needs(Plugin, Filter.Sources) | ((Evaluator as IEvaluatorNeeds)?.Needs ?? GuardrailNeeds.None);

    /// <summary>Whether its evaluator is lent calls that others were lent before.</summary>
    public bool IsLentCalls { get => _isLentCalls ??= LentCalls.MayBeLentTo(Evaluator); init => _isLentCalls = value; }

    public EntryMode Mode { get; init; }

    /// <summary>Whether narrower levels and an opt-out of the application cannot touch it.</summary>
    public bool Locked { get; init; }

    public bool Parallel { get; init; }

    public int Priority { get; init; }

    public FailurePolicy OnError { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public EntryFilter Filter { get; init; } = EntryFilter.Everything;

    /// <summary>Text of the refusal, or null for the verdict's or the plugin's.</summary>
    public string? Message { get; init; }

    /// <summary>Status of the refusal, or null for the verdict's or the plugin's.</summary>
    public int? StatusCode { get; init; }

    public StreamingOptions Streaming { get; init; } = StreamingOptions.Default;

    /// <summary>The numbers of the evaluator under which clean texts are remembered; null when they are not.</summary>
    public EvaluatorKeys? CacheKeys { get; init; }

    /// <summary>Position in the plan of its level: ties of priority go by level, then document order, and this is that order.</summary>
    public int Order { get; init; }
}
