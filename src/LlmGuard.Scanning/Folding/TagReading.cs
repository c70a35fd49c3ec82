namespace LlmGuard.Scanning.Folding;

/// <summary>
/// How folding reads tag characters, which are invisible and each hide one ASCII character, and the fillers of Hangul, which hide a space.
/// </summary>
internal enum TagReading
{
    /// <summary>As nothing, like other invisible characters: what a person sees.</summary>
    AsNothing,

    /// <summary>As the text they hide: what a model reads.</summary>
    AsText,
}
