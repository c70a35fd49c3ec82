using System.Collections.Frozen;

namespace LlmGuard.Planning;

/// <summary>Which evaluators are lent a <see cref="GuardrailCall"/> that others were lent before, rather than given one of their own.</summary>
/// <remarks>
/// A call is valid until its evaluation has ended, and nobody may keep it. One who did would be shown what another caller says, so that only those
/// are lent any of whom it is known: none of these keeps its call, or anything that looks into it, when it returns.
/// </remarks>
internal static class LentCalls
{
    private static readonly FrozenSet<string> Packages = FrozenSet.Create(
        StringComparer.Ordinal,
        "LlmGuard.Plugins.CodeSanitation",
        "LlmGuard.Plugins.DataMasking",
        "LlmGuard.Plugins.InjectionProtection",
        "LlmGuard.Plugins.PromptModeration");

    public static bool MayBeLentTo(IGuardrailEvaluator evaluator) => Packages.Contains(evaluator.GetType().Assembly.GetName().Name ?? "");
}
