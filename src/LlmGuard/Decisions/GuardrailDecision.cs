using System.Diagnostics.CodeAnalysis;
using LlmGuard.Execution;
using LlmGuard.Planning;

namespace LlmGuard;

/// <summary>What the guardrails decided about a call at one stage. Immutable.</summary>
public sealed class GuardrailDecision
{
    private readonly CallId _number;
    private string? _id;

    // The results, or the conclusions that they show, or how long those took who had nothing to say; nothing where there are none.
    private object? _results;

    // Those who had nothing to say.
    private readonly StagePlan? _passed;

    /// <summary>Begins a decision.</summary>
    public GuardrailDecision()
    {
    }

    /// <summary>Begins the decision on a call whose id few will ask for.</summary>
    [SetsRequiredMembers]
    internal GuardrailDecision(CallId number, EffectivePlan plan)
    {
        // The text of the id is made by whoever asks for it first.
        (_number, Id) = (number, null!);
        (Revision, Scope, Content) = (plan.Revision, plan.Scope, GuardrailContent.Empty);
    }

    /// <summary>The call's id: 128 random bits in lower-case hexadecimal, the value of <c>X-Guardrail-Id</c>.</summary>
    public required string Id
    {
        get => Volatile.Read(ref _id) ?? Interlocked.CompareExchange(ref _id, _number.ToString(), null) ?? _id;
        init => _id = value;
    }

    /// <summary>The policy's revision.</summary>
    public required string Revision { get; init; }

    /// <summary>What the policy resolved the call to.</summary>
    public required GuardrailScope Scope { get; init; }

    /// <summary>The stage.</summary>
    public required GuardrailStage Stage { get; init; }

    /// <summary>What was done.</summary>
    public required GuardrailAction Action { get; init; }

    /// <summary>What the caller is told; null unless blocked.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>
    /// The content as the stage left it; valid as long as the content that was evaluated. That of an HTTP message ends with its call: its texts throw
    /// <see cref="ObjectDisposedException"/> afterwards.
    /// </summary>
    public required GuardrailContent Content { get; init; }

    /// <summary>The changes to the content that was evaluated: ascending by segment and span, never overlapping.</summary>
    public IReadOnlyList<TextEdit> Edits { get; init; } = [];

    /// <summary>Changes to the request other than to its text, in plan order.</summary>
    public IReadOnlyList<RequestChange> RequestChanges { get; init; } = [];

    /// <summary>Headers for the response to the caller, whatever the action.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders { get; init; } = [];

    /// <summary>What each enforcing entry concluded, in plan order.</summary>
    public IReadOnlyList<EntryResult> Results
    {
        get => Volatile.Read(ref _results) as IReadOnlyList<EntryResult> ?? ShowResults();
        init => _results = value;
    }

    /// <summary>What the results show when somebody looks: most calls pass, and nobody does.</summary>
    internal Conclusion[] Conclusions
    {
        init => _results = value;
    }

    /// <summary>Of a stage whose entries all let the content pass: which those are, and how long each took.</summary>
    internal (StagePlan Plan, TimeSpan[] Elapsed) Passed
    {
        init => (_passed, _results) = (value.Plan, value.Elapsed);
    }

    /// <summary>What passed without having been inspected, by kind and how often.</summary>
    public IReadOnlyList<KeyValuePair<UninspectedKind, int>> NotInspected { get; init; } = [];

    /// <summary>Whether the call may go on.</summary>
    public bool IsAllowed => Action != GuardrailAction.Block;

    private IReadOnlyList<EntryResult> ShowResults()
    {
        var known = Volatile.Read(ref _results);
        IReadOnlyList<EntryResult>? results = known switch
        {
            Conclusion[] { Length: > 0 } conclusions => new ConclusionResults(conclusions, Stage),
            TimeSpan[] elapsed => new PassedResults(_passed!, elapsed),
            _ => null,
        };
        if (results is null)
        {
            // Shown meanwhile, or none.
            return known as IReadOnlyList<EntryResult> ?? [];
        }

        // Two may look at once; both are shown the same.
        var seen = Interlocked.CompareExchange(ref _results, results, known);
        return ReferenceEquals(seen, known) ? results : (IReadOnlyList<EntryResult>)seen!;
    }

    /// <summary>Names stage and action.</summary>
    public override string ToString() => $"{Stage}: {Action}{(Refusal is null ? "" : $" ({Refusal.Code})")}";
}
