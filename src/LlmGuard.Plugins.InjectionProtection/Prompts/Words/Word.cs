namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>A word of a text.</summary>
/// <param name="Class">What it may do.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">The offset after it.</param>
/// <param name="Sentence">Number of the sentence it stands in.</param>
/// <param name="StartsUnit">Whether a sentence, a line or a quoted text begins with it.</param>
/// <param name="IsQuoted">Whether it stands between quotation marks.</param>
internal record struct Word(WordClass Class, int Start, int End, int Sentence, bool StartsUnit, bool IsQuoted)
{
    /// <summary>The word as it stands in its text.</summary>
    public readonly ReadOnlySpan<byte> In(ReadOnlySpan<byte> text) => text[Start..End];

    public readonly bool Is(WordClass classes) => Class.Has(classes);
}
