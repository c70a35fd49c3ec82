namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>What happens to what a rule finds, strictest first: where matches overlap, the strictest decides.</summary>
internal enum MaskAction
{
    /// <summary>The call must not go on.</summary>
    Block,

    /// <summary>A fixed text, or one character for each of the match's.</summary>
    Mask,

    /// <summary>A keyed hash.</summary>
    Hash,

    /// <summary>A placeholder that is undone in the answer.</summary>
    Reversible,

    /// <summary>A made-up value of the same form.</summary>
    Synthetic,

    /// <summary>Asterisks and the last characters.</summary>
    Partial,

    /// <summary>Nothing; it is recorded.</summary>
    Flag,
}
