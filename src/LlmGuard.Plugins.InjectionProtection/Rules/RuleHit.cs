namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>A rule that matched.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">The offset after the last one.</param>
internal readonly record struct RuleHit(InjectionRule Rule, int Start, int End);
