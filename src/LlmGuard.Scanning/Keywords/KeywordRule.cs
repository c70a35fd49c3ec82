namespace LlmGuard.Scanning.Keywords;

/// <summary>A keyword or phrase.</summary>
/// <param name="Text">The text, not empty.</param>
/// <param name="View">In which form of the text it is looked for.</param>
/// <param name="MaxEdits">
/// Most edits (a code point inserted, removed or replaced) by which whole words may differ from it; 0 for none. Without edits it is found
/// anywhere, also inside words.
/// </param>
internal sealed record KeywordRule(string Text, KeywordView View, int MaxEdits);

/// <summary>The forms of a text in which keywords are looked for.</summary>
internal enum KeywordView
{
    /// <summary>As it is.</summary>
    Exact,

    /// <summary>Without regard to case (Unicode simple case mapping).</summary>
    AnyCase,

    /// <summary>Folded: case, full-width and other compatibility forms, look-alikes, accents, invisible characters.</summary>
    Folded,
}
