using LlmGuard.Planning;

namespace LlmGuard.Policy;

/// <summary>Resolves a call under one revision.</summary>
internal delegate ScopeResolution ScopeResolver(in ScopeQuery query);

/// <summary>Makes the tables of a document; conflicts between its levels become problems.</summary>
internal delegate PolicyTable PolicyTableFactory(PolicyDocument document, ICollection<SettingsProblem> problems);

/// <summary>The tables of one revision.</summary>
/// <param name="Resolve">Resolves a call.</param>
/// <param name="Warnings">What a load warns about.</param>
/// <param name="Scopes">What explains plans; null where something else resolves them.</param>
internal sealed record PolicyTable(ScopeResolver Resolve, IReadOnlyList<string> Warnings, ScopeTable? Scopes = null)
{
    public static PolicyTable Build(PolicyDocument document, ICollection<SettingsProblem> problems)
    {
        var table = ScopeTable.Build(document, problems);
        return new PolicyTable(table.Resolve, table.Warnings, table);
    }
}
