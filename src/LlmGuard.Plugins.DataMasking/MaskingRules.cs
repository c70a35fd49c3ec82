using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>The rules of one policy entry, ready to scan with. Immutable.</summary>
/// <param name="Plan">How they are found.</param>
/// <param name="Rules">What their matches become, by the numbers of the plan.</param>
/// <param name="Reversible">Where originals are kept; null when no rule asks for it.</param>
internal sealed record MaskingRules(ScanPlan Plan, IReadOnlyList<MaskingRule> Rules, ReversibleMasking? Reversible)
{
    /// <summary>The rule of a span; null when the policy says that the text it covers is harmless.</summary>
    /// <param name="span">The span.</param>
    /// <param name="text">The text it was found in.</param>
    public MaskingRule? Of(in ScanSpan span, ReadOnlySpan<byte> text)
    {
        var rule = Rules[span.Rule];
        return rule.Exceptions is { } exceptions && exceptions.Cover(text.Slice(span.Start, span.Length)) ? null : rule;
    }
}
