namespace LlmGuard;

/// <summary>How much of the original a replacement still tells, from most to least. Where edits overlap, the strongest wins.</summary>
public enum MaskStrength
{
    /// <summary>Parts of the original remain. Never used for a union of overlapping edits.</summary>
    Partial,

    /// <summary>A made-up value of the same form.</summary>
    Synthetic,

    /// <summary>A keyed hash: equal originals stay recognisably equal.</summary>
    Hash,

    /// <summary>Nothing of the original remains.</summary>
    Full,
}
