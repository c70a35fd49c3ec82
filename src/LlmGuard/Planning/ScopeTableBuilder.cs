using System.Collections.Immutable;
using LlmGuard.Planning.Inheritance;
using LlmGuard.Planning.Routes;
using LlmGuard.Policy;
using LlmGuard.Policy.Reading;

namespace LlmGuard.Planning;

/// <summary>Checks a document as far as its scopes go, and prepares the parts of a <see cref="ScopeTable"/>.</summary>
internal sealed class ScopeTableBuilder
{
    private readonly ICollection<SettingsProblem> _problems;
    private readonly Dictionary<string, int> _rulesOfPath = new(StringComparer.Ordinal);

    public ScopeTableBuilder(PolicyDocument document, ICollection<SettingsProblem> problems)
    {
        _problems = problems;
        Document = document;
        foreach (var rule in document.Rules)
        {
            _rulesOfPath[rule.Name] = _rulesOfPath.GetValueOrDefault(rule.Name) + 1;
        }

        var indexer = new LevelIndexer(problems);
        Gateway = indexer.Index(document.Gateway, LevelKind.Gateway);
        Services = new LevelTable([.. document.Services.Select(s => indexer.Index(s, LevelKind.Service, s.Name))], problems);
        Rules = [.. document.Rules.Select(r => indexer.Index(r, LevelKind.Rule, r.ServiceId, OwnerOf(r)))];
        Groups = new LevelTable([.. document.ConsumerGroups.Select(g => indexer.Index(g, LevelKind.ConsumerGroup))], problems);
        Consumers = new LevelTable([.. document.Consumers.Select(c => indexer.Index(c, LevelKind.Consumer))], problems);
        GroupsOfConsumers = [.. document.Consumers.Select(ResolveGroups)];
        Routes = BuildRoutes();

        var warnings = new WarningList();
        OverrideCheck.Run(AllEntries(), problems, warnings);
        ShadowCheck.Run(Routes, Rules, warnings);
        BodyLimitCheck.Warn(document, warnings);
        Warnings = warnings.ToList();
    }

    public PolicyDocument Document { get; }

    public ScopedLevel Gateway { get; }

    public LevelTable Services { get; }

    public ImmutableArray<ScopedLevel> Rules { get; }

    public LevelTable Groups { get; }

    public LevelTable Consumers { get; }

    public ImmutableArray<ImmutableArray<int>> GroupsOfConsumers { get; }

    public RouteTable Routes { get; }

    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// Rules of one path differ in their methods; entries of theirs with the same id must not share what is kept under level, owner and id.
    /// </summary>
    private string? OwnerOf(RuleLevel rule) =>
        _rulesOfPath[rule.Name] > 1 ? $"{rule.Name} [{string.Join(',', rule.Methods.Order(StringComparer.Ordinal))}]" : null;

    private ImmutableArray<int> ResolveGroups(ConsumerLevel consumer)
    {
        var places = new List<int>();
        foreach (var group in consumer.Groups)
        {
            var place = Groups.Find(group);
            if (place < 0)
            {
                var message = $"the consumer '{consumer.Name}' names the group '{group}', which consumer_groups does not declare";
                _problems.Add(new SettingsProblem(consumer.Path, message));
            }
            else if (!places.Contains(place))
            {
                places.Add(place);
            }
        }

        return [.. places];
    }

    private RouteTable BuildRoutes()
    {
        var routes = new List<Route>();
        for (var i = 0; i < Document.Rules.Length; i++)
        {
            var rule = Document.Rules[i];
            if (rule.ServiceId is { } service && Services.Find(service) < 0)
            {
                _problems.Add(new SettingsProblem(rule.Path, $"the rule names the service '{service}', which services does not declare"));
            }

            if (!RoutePattern.TryParse(rule.Pattern, out var pattern, out var problem))
            {
                _problems.Add(new SettingsProblem(rule.Path, $"the path '{rule.Pattern}' is malformed: {problem}"));
            }
            else if (rule.Active)
            {
                routes.Add(new Route(i, pattern, rule.Methods, rule.Path));
            }
        }

        var table = new RouteTable(routes);
        RouteTies.Report(table, _problems);
        return table;
    }

    private List<ScopedEntry> AllEntries() =>
    [
        .. Gateway.Entries,
        .. Services.Levels.SelectMany(l => l.Entries),
        .. Rules.Where(r => ((RuleLevel)r.Level).Active).SelectMany(l => l.Entries),
        .. Groups.Levels.SelectMany(l => l.Entries),
        .. Consumers.Levels.SelectMany(l => l.Entries),
    ];
}
