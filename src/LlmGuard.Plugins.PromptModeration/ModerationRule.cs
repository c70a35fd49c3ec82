namespace LlmGuard.Plugins.PromptModeration;

/// <summary>What a rule is called, and where it counts.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Type">What a finding is: <c>keyword</c>, <c>pattern</c>, or the name of a topic.</param>
/// <param name="Roles">The roles it is limited to; none for all.</param>
internal sealed record ModerationRule(string Id, string Type, IReadOnlyList<string> Roles)
{
    /// <summary>Whether it counts for a role. An unknown role satisfies every limit, since roles are claims of the client.</summary>
    public bool AppliesTo(SegmentRole role) => Roles.Count == 0 || !role.IsKnown || Roles.Contains(role.Value, StringComparer.Ordinal);
}
