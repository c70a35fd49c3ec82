namespace LlmGuard.Scanning.Folding;

/// <summary>Says what a code point becomes, always the same. A type of its own, so that nothing is called where it has been worked out.</summary>
internal interface ICodePointRule
{
    /// <summary>Works it out.</summary>
    /// <param name="codePoint">The code point.</param>
    static abstract int Resolve(int codePoint);
}
