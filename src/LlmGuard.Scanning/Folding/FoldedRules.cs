using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Keywords and patterns that are looked for in the folded form of a text, as a grammar of the scanning engine: by it they are found in texts that
/// arrive in pieces, and in what stands encoded in a text. Immutable.
/// </summary>
/// <param name="words">The keywords.</param>
/// <param name="keywordCount">How many there are.</param>
/// <param name="patterns">The patterns. The folded form has no capitals, so they are to disregard case.</param>
internal sealed class FoldedRules(FuzzyWords words, int keywordCount, IReadOnlyList<PatternProgram> patterns) : IScanGrammar
{
    // The longest character becomes a letter of ASCII.
    private const int LongestCharacter = 4;

    public FuzzyWords Words => words;

    public int KeywordCount => keywordCount;

    public PatternSet Patterns { get; } = new(patterns);

    public int RuleCount => keywordCount + Patterns.Count;

    public int MaxLength => ScanPlan.LongestOriginal(LongestFolded);

    // A view drops what nobody sees and leaves every letter as it is.
    public int MaxLengthInView => LongestFolded * LongestCharacter;

    public IScanMatcher NewMatcher(int[] rules) => NewMatcher(rules, depth: 0);

    // What is encoded takes up to twice the bytes at every level, so that less of it may be invisible.
    public IScanMatcher NewMatcher(int[] rules, int depth) => new FoldedScan(this, rules, ScanPlan.ViewLimit >> depth);

    private int LongestFolded => Math.Max(words.LongestMatch + LongestCharacter, Patterns.Count == 0 ? 0 : PatternRun.MaxPiece + LongestCharacter);
}
