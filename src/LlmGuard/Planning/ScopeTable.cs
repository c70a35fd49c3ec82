using LlmGuard.Policy;

namespace LlmGuard.Planning;

/// <summary>Resolves calls to plans for one revision, from tables that are built once. Thread-safe; the cost does not grow with the number of rules.</summary>
internal sealed class ScopeTable
{
    private ScopeTable()
    {
    }

    /// <summary>What a load should warn about: entries that narrower levels replaced, disabled or weakened, and rules that shadow wider ones.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>Builds the tables. Conflicts (ties between rules, overriding a locked entry, unknown service ids, unknown groups) become problems.</summary>
    public static ScopeTable Build(PolicyDocument document, ICollection<SettingsProblem> problems) => throw new NotSupportedException();

    public ScopeResolution Resolve(in ScopeQuery query) => throw new NotSupportedException();
}
