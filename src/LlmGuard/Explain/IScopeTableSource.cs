using LlmGuard.Planning;

namespace LlmGuard.Explain;

/// <summary>Knows the scope table of the policy in force; the policy provider implements it.</summary>
internal interface IScopeTableSource
{
    /// <summary>The table in force. It carries its document, so that one read gives both of one revision.</summary>
    ScopeTable Current { get; }
}
