using LlmGuard.Caching;
using LlmGuard.Planning;

namespace LlmGuard.Tests.Execution.Doubles;

/// <summary>Makes plan entries and plans.</summary>
internal static class Entries
{
    public const GuardrailNeeds Everything = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    public static PlanEntry Entry(
        string plugin,
        IGuardrailEvaluator evaluator,
        bool inline = true,
        bool parallel = false,
        bool monitor = false,
        bool rewrites = true,
        bool remote = false,
        FailurePolicy onError = FailurePolicy.Block,
        GuardrailNeeds needs = Everything,
        EntryFilter? filter = null,
        int timeoutMs = 1000,
        int? statusCode = null,
        string? message = null,
        bool cache = false) => new()
        {
            Key = new GuardrailEntry("gateway", "Gateway", $"gateway/Gateway/{plugin}", plugin),
            Plugin = new GuardrailPluginMetadata(plugin) { Rewrites = rewrites, SendsContentOut = remote, RunsInline = inline, Needs = needs },
            Evaluator = evaluator,
            Mode = monitor ? EntryMode.Monitor : EntryMode.Enforce,
            Parallel = parallel,
            OnError = onError,
            Filter = filter ?? EntryFilter.Everything,
            Timeout = TimeSpan.FromMilliseconds(timeoutMs),
            StatusCode = statusCode,
            Message = message,
            CacheKeys = cache ? EvaluatorKeys.Of(evaluator) : null,
        };

    public static PlanEntry Entry(string plugin, GuardrailVerdict verdict, bool inline = true, bool parallel = false, bool monitor = false) =>
        Entry(plugin, new ScriptedEvaluator(verdict), inline, parallel, monitor);

    public static StagePlan Stage(params PlanEntry[] entries) => new(
        [.. entries.Where(e => e.Mode == EntryMode.Enforce && !e.Parallel)],
        [.. entries.Where(e => e.Mode == EntryMode.Enforce && e.Parallel)],
        [.. entries.Where(e => e.Mode == EntryMode.Monitor)]);

    public static EffectivePlan Plan(
        StagePlan? preRequest = null,
        StagePlan? postRequest = null,
        StagePlan? preResponse = null,
        StagePlan? postResponse = null,
        PlanLimits? limits = null,
        UninspectedPolicy? uninspected = null) => new(
            new GuardrailScope { Gateway = "Gateway" },
            "revision",
            preRequest ?? StagePlan.Empty,
            postRequest ?? StagePlan.Empty,
            preResponse ?? StagePlan.Empty,
            postResponse ?? StagePlan.Empty)
        {
            Limits = limits ?? PlanLimits.Default,
            Uninspected = uninspected ?? UninspectedPolicy.Default,
        };

    public static EffectivePlan At(GuardrailStage stage, params PlanEntry[] entries)
    {
        var plan = Stage(entries);
        return stage switch
        {
            GuardrailStage.PreRequest => Plan(preRequest: plan),
            GuardrailStage.PostRequest => Plan(postRequest: plan),
            GuardrailStage.PreResponse => Plan(preResponse: plan),
            _ => Plan(postResponse: plan),
        };
    }

    public static GuardrailVerdict Mask(int start, int length, string with = "#", MaskStrength strength = MaskStrength.Full) =>
        GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(start, length), Replacement.Literal(with, strength))]);
}
