namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>A rule that is built in: a stable id, what it finds and how grave that is.</summary>
/// <param name="Id">Type and name, such as <c>sql.union</c>.</param>
/// <param name="Type">What it finds.</param>
/// <param name="Severity">How grave that is.</param>
internal sealed record InjectionRule(string Id, InjectionType Type, FindingSeverity Severity);
