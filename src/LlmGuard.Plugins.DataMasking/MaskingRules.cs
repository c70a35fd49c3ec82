using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>The rules of one policy entry, ready to scan with. Immutable.</summary>
/// <param name="Plan">How they are found.</param>
/// <param name="Rules">What their matches become, by the numbers of the plan.</param>
internal sealed record MaskingRules(ScanPlan Plan, IReadOnlyList<MaskingRule> Rules);
