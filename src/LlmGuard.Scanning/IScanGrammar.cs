namespace LlmGuard.Scanning;

/// <summary>Rules that share one reading of a text, such as its tokens. Immutable; compared by reference.</summary>
internal interface IScanGrammar
{
    /// <summary>How many rules there are.</summary>
    int RuleCount { get; }

    /// <summary>Whether the rules are about the text as it is, and not about views of it.</summary>
    bool ReadsTextOnly => false;

    /// <summary>Most bytes that a match of such rules and what decides about it take.</summary>
    int MaxLength => 1;

    /// <summary>Most bytes that a match takes in a view of the text.</summary>
    int MaxLengthInView => 1;

    /// <summary>Makes what looks for some of the rules.</summary>
    /// <param name="rules">For each rule its number in the plan, or -1 when it is not asked for.</param>
    IScanMatcher NewMatcher(int[] rules);

    /// <summary>Makes what looks for some of the rules in a text that stands encoded in others.</summary>
    /// <param name="rules">For each rule its number in the plan, or -1 when it is not asked for.</param>
    /// <param name="depth">In how many others.</param>
    IScanMatcher NewMatcher(int[] rules, int depth) => NewMatcher(rules);
}
