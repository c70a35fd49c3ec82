using LlmGuard.Policy;

namespace LlmGuard.Planning.Inheritance;

/// <summary>Merges the options of gateway, service and rule: narrower wins, key by key.</summary>
internal static class OptionsMerge
{
    public static LevelOptions Narrow(LevelOptions broad, LevelOptions? narrow) => narrow is null ? broad : new LevelOptions
    {
        Dialect = narrow.Dialect ?? broad.Dialect,
        DenyWithCompletion = narrow.DenyWithCompletion ?? broad.DenyWithCompletion,
        MaxBodyBytes = narrow.MaxBodyBytes ?? broad.MaxBodyBytes,
        MaxDepth = narrow.MaxDepth ?? broad.MaxDepth,
        MaxSegments = narrow.MaxSegments ?? broad.MaxSegments,
        MaxFindings = narrow.MaxFindings ?? broad.MaxFindings,
        MaxInflateRatio = narrow.MaxInflateRatio ?? broad.MaxInflateRatio,
        MaxHeldBytes = narrow.MaxHeldBytes ?? broad.MaxHeldBytes,
        Uninspected = broad.Uninspected.SetItems(narrow.Uninspected),
    };

    public static PlanLimits Limits(LevelOptions options) => new()
    {
        MaxBodyBytes = options.MaxBodyBytes ?? PlanLimits.Default.MaxBodyBytes,
        MaxDepth = options.MaxDepth ?? PlanLimits.Default.MaxDepth,
        MaxSegments = options.MaxSegments ?? PlanLimits.Default.MaxSegments,
        MaxFindings = options.MaxFindings ?? PlanLimits.Default.MaxFindings,
        MaxInflateRatio = options.MaxInflateRatio ?? PlanLimits.Default.MaxInflateRatio,
        MaxHeldBytes = options.MaxHeldBytes ?? PlanLimits.Default.MaxHeldBytes,
    };

    public static UninspectedPolicy Uninspected(LevelOptions options)
    {
        return new UninspectedPolicy
        {
            TokenIds = For(UninspectedKind.TokenIds),
            Tunnel = For(UninspectedKind.Tunnel),
            UndecodableText = For(UninspectedKind.UndecodableText),
            Image = For(UninspectedKind.Image),
            Audio = For(UninspectedKind.Audio),
            File = For(UninspectedKind.File),
            EncryptedReasoning = For(UninspectedKind.EncryptedReasoning),
            ServerState = For(UninspectedKind.ServerState),
        };

        UninspectedAction For(UninspectedKind kind) =>
            options.Uninspected.TryGetValue(kind, out var action) ? action : UninspectedPolicy.Default.For(kind);
    }
}
