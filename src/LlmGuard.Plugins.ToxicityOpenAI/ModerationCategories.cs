using System.Collections.Frozen;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>The categories of OpenAI's moderation, as its interface description lists them.</summary>
internal static class ModerationCategories
{
    /// <summary>Those every model scores.</summary>
    public static FrozenSet<string> Always { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "harassment", "harassment/threatening", "hate", "hate/threatening", "self-harm", "self-harm/intent", "self-harm/instructions",
        "sexual", "sexual/minors", "violence", "violence/graphic");

    /// <summary>Those the older models do not have, and that may be null.</summary>
    public static FrozenSet<string> Newer { get; } = FrozenSet.Create(StringComparer.Ordinal, "illicit", "illicit/violent");

    public static bool IsKnown(string category) => Always.Contains(category) || Newer.Contains(category);

    /// <summary>A category as a reason code.</summary>
    public static string CodeOf(string category) => category.Replace('/', '.').Replace('-', '_');
}
