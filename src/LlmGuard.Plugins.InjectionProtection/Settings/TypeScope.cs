using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Settings;

/// <summary>Where a type is looked for. A role or kind that is unknown satisfies every filter, because it is a claim of the sender.</summary>
/// <param name="Type">The type.</param>
/// <param name="Roles">The roles; empty for all.</param>
/// <param name="Kinds">The kinds; empty for all.</param>
internal sealed record TypeScope(InjectionType Type, IReadOnlyList<SegmentRole> Roles, IReadOnlyList<SegmentKind> Kinds)
{
    private static readonly SegmentKind[] WebKinds = [SegmentKind.ToolCall, SegmentKind.Header, SegmentKind.Path, SegmentKind.Query, SegmentKind.Key];
    private static readonly SegmentKind[] ReadKinds = [SegmentKind.ToolResult, SegmentKind.Document];

    public bool Includes(SegmentRole role, SegmentKind kind) =>
        (Roles.Count == 0 || !role.IsKnown || Roles.Contains(role)) && (Kinds.Count == 0 || !kind.IsKnown || Kinds.Contains(kind));

    /// <summary>
    /// Where a type makes sense when the policy does not say: web types on what goes to programs, requests to a model in what a user says and in what
    /// is only to be read, inserted requests in the latter alone.
    /// </summary>
    public static IEnumerable<TypeScope> Default(InjectionType type) => type switch
    {
        InjectionType.PromptInjection or InjectionType.Jailbreak =>
            [new(type, [SegmentRole.User, SegmentRole.Tool], [SegmentKind.Message, SegmentKind.ToolResult, SegmentKind.Document])],
        InjectionType.IndirectInjection => [new(type, [], ReadKinds), new(type, [SegmentRole.Tool], [SegmentKind.Message])],
        InjectionType.SystemPromptLeak => [new(type, [SegmentRole.Assistant], [])],
        _ => [new(type, [], WebKinds)],
    };
}
