using System.Collections.Immutable;
using LlmGuard.Planning.Inheritance;
using LlmGuard.Planning.Routes;
using LlmGuard.Policy;

namespace LlmGuard.Planning;

/// <summary>
/// Resolves calls to plans for one revision, from tables that are built once. Thread-safe; the cost does not grow with the number of rules.
/// </summary>
internal sealed class ScopeTable
{
    private const int MinCachedPlans = 4096;
    private const int None = -1;

    private readonly ScopedLevel _gateway;
    private readonly LevelTable _services;
    private readonly LevelTable _groups;
    private readonly LevelTable _consumers;
    private readonly ImmutableArray<ScopedLevel> _rules;
    private readonly ImmutableArray<ImmutableArray<int>> _groupsOfConsumers;
    private readonly RouteTable _routes;
    private readonly PlanCache _plans;

    private ScopeTable(ScopeTableBuilder builder)
    {
        Document = builder.Document;
        Warnings = builder.Warnings;
        _gateway = builder.Gateway;
        _services = builder.Services;
        _groups = builder.Groups;
        _consumers = builder.Consumers;
        _rules = builder.Rules;
        _groupsOfConsumers = builder.GroupsOfConsumers;
        _routes = builder.Routes;
        // What a policy names its author answers for; only the combinations of groups are chosen by callers.
        _plans = new PlanCache(MinCachedPlans + (2 * (_rules.Length + _services.Levels.Length + _consumers.Levels.Length)));
    }

    /// <summary>What the table was built from.</summary>
    public PolicyDocument Document { get; }

    /// <summary>
    /// What a load should warn about: entries that narrower levels replaced, disabled or weakened, and rules that shadow wider ones.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether two methods on one path may belong to different rules.</summary>
    public bool DependsOnMethod => _routes.DependsOnMethod;

    /// <summary>How many plans are kept, for tests.</summary>
    internal int CachedPlans => _plans.Count;

    /// <summary>
    /// Builds the tables. Conflicts (ties between rules, overriding a locked entry, unknown service ids, unknown groups) become problems.
    /// </summary>
    public static ScopeTable Build(PolicyDocument document, ICollection<SettingsProblem> problems) => new(new ScopeTableBuilder(document, problems));

    /// <summary>Finds the plan of a call. Allocates nothing when the path is plain and the plan is cached.</summary>
    public ScopeResolution Resolve(in ScopeQuery query)
    {
        Span<int> room = stackalloc int[64];
        var scope = Locate(query, _groups.Levels.Length <= room.Length ? room : new int[_groups.Levels.Length]);
        if (!_plans.TryGet(scope.Key, out var plan))
        {
            plan = MakePlan(scope.Key, Compose(scope.Key));
            _plans.Keep(scope.Key, plan);
        }

        return new ScopeResolution(plan, scope.IsAmbiguousPath, scope.IsUnidentifiedRefused);
    }

    /// <summary>Like <see cref="Resolve"/>, together with how the plan came about. For explaining, not for the request path.</summary>
    public (ScopeResolution Resolution, Composition Composition) Inspect(in ScopeQuery query)
    {
        var scope = Locate(query, new int[_groups.Levels.Length]);
        var composition = Compose(scope.Key);
        return (new ScopeResolution(MakePlan(scope.Key, composition), scope.IsAmbiguousPath, scope.IsUnidentifiedRefused), composition);
    }

    private Located Locate(in ScopeQuery query, Span<int> room)
    {
        var caller = query.Caller ?? GuardrailCaller.Anonymous;
        var isRefused = Document.Identity.RefuseUnidentified && caller.IsAnonymous && (_groups.Levels.Length > 0 || _consumers.Levels.Length > 0);

        Route? route = null;
        var isAmbiguous = query is { Method: { } method, RawPath: { } path } && !_routes.IsEmpty && !TryRoute(path, method, out route);
        var rule = isAmbiguous || route is null ? None : route.Index;

        var service = (rule == None ? null : ((RuleLevel)_rules[rule].Level).ServiceId) ?? query.Service;
        var consumer = _consumers.Find(caller.Consumer);
        var key = new PlanKeyView(rule, _services.Find(service), consumer, room[..Groups(consumer, caller, room)], query.Seam, query.LockedOnly);
        return new Located(key, isAmbiguous, isRefused);
    }

    // False when the path is ambiguous: its readings do not all belong to one rule, or to none.
    private bool TryRoute(string path, string method, out Route? route)
    {
        if (PathReadings.IsPlain(path))
        {
            route = _routes.Find(path, method);
            return true;
        }

        route = null;
        if (PathReadings.Of(path) is not { } readings)
        {
            return false;
        }

        route = _routes.Find(readings[0], method);
        for (var i = 1; i < readings.Count; i++)
        {
            if (!ReferenceEquals(_routes.Find(readings[i], method), route))
            {
                return false;
            }
        }

        return true;
    }

    // The consumer's own list first, then what the caller's claims add, each group once; names the policy does not know count for nothing.
    private int Groups(int consumer, GuardrailCaller caller, Span<int> room)
    {
        var count = 0;
        if (consumer != None)
        {
            foreach (var group in _groupsOfConsumers[consumer])
            {
                room[count++] = group;
            }
        }

        for (var i = 0; i < caller.Groups.Count; i++)
        {
            var group = _groups.Find(caller.Groups[i]);
            if (group != None && !room[..count].Contains(group))
            {
                room[count++] = group;
            }
        }

        return count;
    }

    private Composition Compose(PlanKeyView key)
    {
        var levels = new List<ScopedLevel> { _gateway };
        if (key.Service != None)
        {
            levels.Add(_services.Levels[key.Service]);
        }

        if (key.Rule != None)
        {
            levels.Add(_rules[key.Rule]);
        }

        foreach (var group in key.Groups)
        {
            levels.Add(_groups.Levels[group]);
        }

        if (key.Consumer != None)
        {
            levels.Add(_consumers.Levels[key.Consumer]);
        }

        return Composition.Of(levels, key.Seam, key.LockedOnly);
    }

    private EffectivePlan MakePlan(PlanKeyView key, Composition composition)
    {
        var service = key.Service == None ? null : _services.Levels[key.Service].Level;
        var rule = key.Rule == None ? null : (RuleLevel)_rules[key.Rule].Level;
        var groups = ImmutableArray.CreateBuilder<string>(key.Groups.Length);
        foreach (var group in key.Groups)
        {
            groups.Add(_groups.Levels[group].Level.Name);
        }

        var scope = new GuardrailScope
        {
            Gateway = _gateway.Level.Name,
            Service = service?.Name,
            Rule = rule?.Pattern,
            StripPath = rule?.StripPath ?? false,
            ConsumerGroups = groups.DrainToImmutable(),
            Consumer = key.Consumer == None ? null : _consumers.Levels[key.Consumer].Level.Name,
        };
        var options = OptionsMerge.Narrow(OptionsMerge.Narrow(_gateway.Level.Options, service?.Options), rule?.Options);
        var entries = PlanFactory.Entries(composition);
        return new EffectivePlan(
            scope,
            Document.Revision,
            PlanFactory.Stage(entries, composition, GuardrailStage.PreRequest),
            PlanFactory.Stage(entries, composition, GuardrailStage.PostRequest),
            PlanFactory.Stage(entries, composition, GuardrailStage.PreResponse),
            PlanFactory.Stage(entries, composition, GuardrailStage.PostResponse))
        {
            Limits = OptionsMerge.Limits(options),
            Uninspected = OptionsMerge.Uninspected(options),
            Dialect = options.Dialect,
            DenyWithCompletion = options.DenyWithCompletion ?? false,
        };
    }

    private readonly ref struct Located(PlanKeyView key, bool isAmbiguousPath, bool isUnidentifiedRefused)
    {
        public PlanKeyView Key { get; } = key;

        public bool IsAmbiguousPath { get; } = isAmbiguousPath;

        public bool IsUnidentifiedRefused { get; } = isUnidentifiedRefused;
    }
}
