namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>A keyword of several words.</summary>
/// <param name="Keyword">Which keyword, from 0.</param>
/// <param name="Words">The numbers of its words, at least two.</param>
/// <param name="CodePoints">Length of all words together.</param>
internal sealed record FuzzyPhrase(int Keyword, int[] Words, int CodePoints);
