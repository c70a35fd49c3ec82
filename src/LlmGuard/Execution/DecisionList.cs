namespace LlmGuard.Execution;

/// <summary>
/// The decisions of a call. Nearly always there is one, which needs no list. Thread-safe, for two stages may run side by side; not to be copied.
/// </summary>
internal struct DecisionList
{
    // A decision, an array of them, or nothing.
    private object? _decisions;

    /// <summary>Those so far; does not change when there are more.</summary>
    public IReadOnlyList<GuardrailDecision> All
    {
        get
        {
            while (true)
            {
                switch (Volatile.Read(ref _decisions))
                {
                    case null:
                        return [];
                    case GuardrailDecision one:
                        Interlocked.CompareExchange(ref _decisions, new[] { one }, one);
                        break;
                    case var several:
                        return (GuardrailDecision[])several;
                }
            }
        }
    }

    /// <summary>How many there are so far.</summary>
    public readonly int Count => _decisions switch
    {
        null => 0,
        GuardrailDecision => 1,
        var several => ((GuardrailDecision[])several).Length,
    };

    /// <summary>One of them, without making a list of one.</summary>
    public readonly GuardrailDecision this[int index] =>
        _decisions is GuardrailDecision[] several ? several[index] : (GuardrailDecision)_decisions!;

    public void Add(GuardrailDecision decision)
    {
        while (true)
        {
            var known = Volatile.Read(ref _decisions);
            object all = known switch
            {
                null => decision,
                GuardrailDecision one => new[] { one, decision },
                _ => (GuardrailDecision[])[.. (GuardrailDecision[])known, decision],
            };
            if (ReferenceEquals(Interlocked.CompareExchange(ref _decisions, all, known), known))
            {
                return;
            }
        }
    }
}
