using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>One rule as findings name it.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Languages">The languages it belongs to.</param>
/// <param name="Group">What it is about.</param>
/// <param name="Severity">How grave a finding is.</param>
internal sealed record CodeRule(string Id, CodeLanguages Languages, CodeGroup Group, FindingSeverity Severity);
