namespace LlmGuard.Scanning;

/// <summary>In which forms of a text the rules of a plan are looked for.</summary>
internal enum ScanViews
{
    /// <summary>Only as it is, and for keywords in the form they ask for.</summary>
    None,

    /// <summary>Also as a reader or a model takes it: normalised, and decoded where it is encoded.</summary>
    All,

    /// <summary>
    /// Also as a reader or a model takes it, but with letters as they are written: for rules that fold the text themselves, and know more about a
    /// letter by what stands around it.
    /// </summary>
    Decoded,
}
