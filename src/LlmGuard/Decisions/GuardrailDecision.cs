using System.Diagnostics.CodeAnalysis;
using LlmGuard.Execution;
using LlmGuard.Planning;

namespace LlmGuard;

/// <summary>What the guardrails decided about a call at one stage. Immutable.</summary>
public sealed class GuardrailDecision
{
    // What stands for the results of entries that had nothing to say until somebody looks.
    private static readonly object Nothing = new();

    private readonly CallId _number;

    // What was decided by, where the engine did.
    private readonly EffectivePlan? _plan;

    // How long those took who had nothing to say.
    private readonly PassedTimes _passed;

    // The results, or the conclusions that they show, or what stands for them; null where there are none.
    private object? _results;
    private string? _id;
    private Said? _said;

    /// <summary>Begins a decision.</summary>
    public GuardrailDecision()
    {
    }

    /// <summary>Begins the decision on a call whose id few will ask for.</summary>
    [SetsRequiredMembers]
    internal GuardrailDecision(CallId number, EffectivePlan plan)
    {
        // The text of the id is made by whoever asks for it first; the plan says the rest.
        (_number, _plan, Content) = (number, plan, GuardrailContent.Empty);
        (Id, Revision, Scope) = (null!, null!, null!);
    }

    /// <summary>The call's id: 128 random bits in lower-case hexadecimal, the value of <c>X-Guardrail-Id</c>.</summary>
    public required string Id
    {
        get => Volatile.Read(ref _id) ?? Interlocked.CompareExchange(ref _id, _number.ToString(), null) ?? _id;
        init => _id = value;
    }

    /// <summary>The policy's revision.</summary>
    public required string Revision
    {
        get => _said?.Revision ?? _plan?.Revision!;
        init
        {
            if (value is not null)
            {
                Saying.Revision = value;
            }
        }
    }

    /// <summary>What the policy resolved the call to.</summary>
    public required GuardrailScope Scope
    {
        get => _said?.Scope ?? _plan?.Scope!;
        init
        {
            if (value is not null)
            {
                Saying.Scope = value;
            }
        }
    }

    /// <summary>The stage.</summary>
    public required GuardrailStage Stage { get; init; }

    /// <summary>What was done.</summary>
    public required GuardrailAction Action { get; init; }

    /// <summary>What the caller is told; null unless blocked.</summary>
    public Refusal? Refusal
    {
        get => _said?.Refusal;
        init
        {
            if (value is not null)
            {
                Saying.Refusal = value;
            }
        }
    }

    /// <summary>
    /// The content as the stage left it; valid as long as the content that was evaluated. That of an HTTP message ends with its call: its texts throw
    /// <see cref="ObjectDisposedException"/> afterwards.
    /// </summary>
    public required GuardrailContent Content { get; init; }

    /// <summary>The changes to the content that was evaluated: ascending by segment and span, never overlapping.</summary>
    public IReadOnlyList<TextEdit> Edits
    {
        get => _said?.Edits ?? [];
        init
        {
            if (value is not { Count: 0 })
            {
                Saying.Edits = value;
            }
        }
    }

    /// <summary>Changes to the request other than to its text, in plan order.</summary>
    public IReadOnlyList<RequestChange> RequestChanges
    {
        get => _said?.RequestChanges ?? [];
        init
        {
            if (value is not { Count: 0 })
            {
                Saying.RequestChanges = value;
            }
        }
    }

    /// <summary>Headers for the response to the caller, whatever the action.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders
    {
        get => _said?.ResponseHeaders ?? [];
        init
        {
            if (value is not { Count: 0 })
            {
                Saying.ResponseHeaders = value;
            }
        }
    }

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

    /// <summary>Of a stage whose entries all let the content pass: how long each took.</summary>
    internal PassedTimes Passed
    {
        init => (_passed, _results) = (value, Nothing);
    }

    /// <summary>What passed without having been inspected, by kind and how often.</summary>
    public IReadOnlyList<KeyValuePair<UninspectedKind, int>> NotInspected
    {
        get => _said?.NotInspected ?? [];
        init
        {
            if (value is not { Count: 0 })
            {
                Saying.NotInspected = value;
            }
        }
    }

    /// <summary>Whether the call may go on.</summary>
    public bool IsAllowed => Action != GuardrailAction.Block;

    private Said Saying => _said ??= new Said();

    private IReadOnlyList<EntryResult> ShowResults()
    {
        var known = Volatile.Read(ref _results);
        IReadOnlyList<EntryResult>? results = known switch
        {
            Conclusion[] { Length: > 0 } conclusions => new ConclusionResults(conclusions, Stage),
            _ when ReferenceEquals(known, Nothing) => new PassedResults(_plan![Stage], _passed),
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

    /// <summary>What few decisions have, or are given from outside.</summary>
    private sealed class Said
    {
        public string? Revision { get; set; }

        public GuardrailScope? Scope { get; set; }

        public Refusal? Refusal { get; set; }

        public IReadOnlyList<TextEdit>? Edits { get; set; }

        public IReadOnlyList<RequestChange>? RequestChanges { get; set; }

        public IReadOnlyList<KeyValuePair<string, string>>? ResponseHeaders { get; set; }

        public IReadOnlyList<KeyValuePair<UninspectedKind, int>>? NotInspected { get; set; }
    }
}
