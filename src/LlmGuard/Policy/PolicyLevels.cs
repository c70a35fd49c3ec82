namespace LlmGuard.Policy;

/// <summary>The levels of a document, from broad to narrow.</summary>
internal static class PolicyLevels
{
    public static IEnumerable<PolicyLevel> Levels(this PolicyDocument document) =>
        [document.Gateway, .. document.Services, .. document.Rules, .. document.ConsumerGroups, .. document.Consumers];
}
