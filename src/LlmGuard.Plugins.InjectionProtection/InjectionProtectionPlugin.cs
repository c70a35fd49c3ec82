using LlmGuard.Plugins.InjectionProtection.Settings;

namespace LlmGuard.Plugins.InjectionProtection;

/// <summary>The plugin <c>injection_protection</c>.</summary>
internal sealed class InjectionProtectionPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("injection_protection")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,

        // Lexers and grammars look a bounded number of tokens ahead, patterns of the policy run on an engine that counts its steps, and what stands
        // encoded is read at most three levels deep, each shorter than the one around it.
        RunsInline = true,
        MayBeUnavailable = false,
        DefaultMessage = "Potential security threat detected",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var read = InjectionSettings.Read(settings);
        var evaluator = new InjectionProtectionEvaluator(read);
        if (read.Action == InjectionAction.Sanitize && settings.Problems.Count == 0 && IsFound(evaluator, read))
        {
            settings.Problem("sanitize_with", "is itself what the rules find");
        }

        return evaluator;
    }

    // A segment of no known role and kind, which satisfies every filter. Local rules never wait.
    private static bool IsFound(InjectionProtectionEvaluator evaluator, InjectionSettings settings)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(settings.ReplacementUtf8, new SegmentInfo());
        var verdict = evaluator.EvaluateAsync(new GuardrailCall(GuardrailStage.PreRequest, builder.Build()), CancellationToken.None);
        return !verdict.IsCompletedSuccessfully || verdict.Result.Outcome != VerdictOutcome.Allow;
    }
}
