namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>A keyword found in a folded text.</summary>
/// <param name="Keyword">Which one, from 0.</param>
/// <param name="Start">First byte in the folded text.</param>
/// <param name="Length">Number of bytes, at least 1.</param>
/// <param name="Similarity">One minus edits by length; 1 for an equal spelling.</param>
internal readonly record struct FuzzyMatch(int Keyword, int Start, int Length, double Similarity);
