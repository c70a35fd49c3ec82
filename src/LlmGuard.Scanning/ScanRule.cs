using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning;

/// <summary>One rule of a plan.</summary>
internal abstract record ScanRule
{
    private ScanRule()
    {
    }

    /// <summary>A built-in entity.</summary>
    public sealed record Entity(Detector Detector) : ScanRule;

    /// <summary>A pattern of the user's.</summary>
    public sealed record Pattern(PatternProgram Program) : ScanRule;

    /// <summary>A keyword or phrase of the user's.</summary>
    public sealed record Keyword(KeywordRule Rule) : ScanRule;

    /// <summary>One of the rules of a grammar.</summary>
    /// <param name="Of">The grammar.</param>
    /// <param name="Number">The rule's number within it.</param>
    public sealed record Grammar(IScanGrammar Of, int Number) : ScanRule;
}
