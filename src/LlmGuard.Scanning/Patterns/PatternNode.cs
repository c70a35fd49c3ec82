namespace LlmGuard.Scanning.Patterns;

/// <summary>A parsed pattern.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    /// <summary>Whether it matches the empty text somewhere.</summary>
    public abstract bool IsNullable { get; }

    /// <summary>One character.</summary>
    public sealed record One(CharSet Set) : PatternNode
    {
        public override bool IsNullable => false;
    }

    /// <summary>A condition on a position.</summary>
    public sealed record At(PatternAssertion Assertion) : PatternNode
    {
        public override bool IsNullable => true;
    }

    /// <summary>One after the other; empty for the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Items) : PatternNode
    {
        public override bool IsNullable => Items.All(i => i.IsNullable);
    }

    /// <summary>One of several, the first that fits.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Items) : PatternNode
    {
        public override bool IsNullable => Items.Any(i => i.IsNullable);
    }

    /// <summary>Repeated; <paramref name="Max"/> is null for "without end".</summary>
    public sealed record Repeat(PatternNode Item, int Min, int? Max, bool IsLazy) : PatternNode
    {
        public override bool IsNullable => Min == 0 || Item.IsNullable;
    }
}

/// <summary>Conditions on a position. Words are ASCII words.</summary>
internal enum PatternAssertion
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
