using System.Collections.Immutable;
using LlmGuard.Planning;
using LlmGuard.Policy;

namespace LlmGuard.Tests.Planning;

/// <summary>Policy documents made by hand, with evaluators that allow everything.</summary>
internal static class PolicySamples
{
    public static PolicyEntry Entry(string plugin, string? id = null, int priority = 100) => new()
    {
        Path = $"$.{plugin}.{id}",
        Plugin = plugin,
        Id = id,
        Priority = priority,
        Stages = [GuardrailStage.PreRequest],
        Timeout = TimeSpan.FromSeconds(5),
        Settings = "{}",
        Evaluator = new AllowingEvaluator(),
        Metadata = new GuardrailPluginMetadata(plugin),
    };

    public static PolicyEntry Off(string plugin, string? id = null) => Entry(plugin, id) with { Enabled = false, Evaluator = null, Metadata = null };

    public static PolicyLevel Gateway(params ImmutableArray<PolicyEntry> entries) =>
        new() { Kind = "gateway", Name = "Gateway", Path = "$.gateway", Entries = entries };

    public static PolicyLevel Service(string id, params ImmutableArray<PolicyEntry> entries) =>
        new() { Kind = "service", Name = id, Path = $"$.services.{id}", Entries = entries };

    public static RuleLevel Rule(string pattern, params ImmutableArray<PolicyEntry> entries) =>
        new() { Kind = "rule", Name = pattern, Path = $"$.rules.{pattern}", Pattern = pattern, Entries = entries };

    public static PolicyLevel Group(string name, params ImmutableArray<PolicyEntry> entries) =>
        new() { Kind = "consumer_group", Name = name, Path = $"$.consumer_groups.{name}", Entries = entries };

    public static ConsumerLevel Consumer(string name, params ImmutableArray<PolicyEntry> entries) =>
        new() { Kind = "consumer", Name = name, Path = $"$.consumers.{name}", Entries = entries };

    public static PolicyDocument Document(PolicyLevel? gateway = null) => new() { Gateway = gateway ?? Gateway(), Revision = "r1" };

    public static ScopeTable Build(PolicyDocument document)
    {
        var problems = new List<SettingsProblem>();
        var table = ScopeTable.Build(document, problems);
        Assert.That(problems, Is.Empty);
        return table;
    }

    public static IReadOnlyList<SettingsProblem> Problems(PolicyDocument document)
    {
        var problems = new List<SettingsProblem>();
        ScopeTable.Build(document, problems);
        return problems;
    }

    public static EffectivePlan Plan(this ScopeTable table, string? path = null, string method = "POST", string? service = null,
        GuardrailCaller? caller = null, GuardrailSeam seam = GuardrailSeam.Incoming) =>
        table.Resolve(Query(path, method, service, caller, seam)).Plan!;

    public static ScopeQuery Query(string? path = null, string method = "POST", string? service = null, GuardrailCaller? caller = null,
        GuardrailSeam seam = GuardrailSeam.Incoming) => new()
    {
        Seam = seam,
        Service = service,
        Method = path is null ? null : method,
        RawPath = path,
        Caller = caller ?? GuardrailCaller.Anonymous,
    };

    /// <summary>The ids of a stage's entries in the order in which they run.</summary>
    public static IEnumerable<string> Ids(this EffectivePlan plan, GuardrailStage stage = GuardrailStage.PreRequest) =>
        plan[stage].Sequential.Concat(plan[stage].Parallel).Concat(plan[stage].Monitor).Select(e => e.Key.Id);

    private sealed class AllowingEvaluator : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }
}
