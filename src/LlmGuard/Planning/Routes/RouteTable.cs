using System.Collections.Frozen;

namespace LlmGuard.Planning.Routes;

/// <summary>Finds the rule of a path. Built once, then only read; the cost of a lookup depends on the path, not on the number of rules.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, RouteRules>.AlternateLookup<ReadOnlySpan<char>> _exact;

    public RouteTable(IReadOnlyList<Route> routes)
    {
        var exact = new Dictionary<string, RouteRules>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes)
        {
            Insert(Root, route);
            if (!route.Pattern.IsExact)
            {
                continue;
            }

            var key = string.Concat(route.Pattern.Segments.Select(s => "/" + s.Prefix));
            if (!exact.TryGetValue(key, out var rules))
            {
                exact[key] = rules = new RouteRules();
            }

            rules.Add(route);
        }

        Routes = routes;
        DependsOnMethod = routes.Any(static r => !r.Methods.IsEmpty);
        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<Route> Routes { get; }

    public bool IsEmpty => Routes.Count == 0;

    /// <summary>Whether some rule is one of certain methods only.</summary>
    public bool DependsOnMethod { get; }

    /// <summary>The trie of all rules. Exact paths are in it too, although the dictionary finds them first.</summary>
    public RouteNode Root { get; } = new();

    /// <summary>The rule that goes first for a path, or null.</summary>
    /// <param name="path">One reading of a path, starting with a slash.</param>
    /// <param name="method">The method.</param>
    public Route? Find(ReadOnlySpan<char> path, string method)
    {
        var trimmed = path.EndsWith('/') ? path[..^1] : path;
        return (_exact.TryGetValue(trimmed, out var rules) ? rules.For(method) : null) ?? Root.Find(trimmed, method);
    }

    /// <summary>The other rules that every path and at least one method of a rule belongs to as well.</summary>
    public IEnumerable<Route> Wider(Route route)
    {
        var found = new List<Route>();
        Root.CollectContaining(route.Pattern, 0, found);
        return found.Where(w => w.Index != route.Index && w.SharesMethodWith(route));
    }

    private static void Insert(RouteNode root, Route route)
    {
        var node = root;
        foreach (var segment in route.Pattern.Segments)
        {
            node = node.Child(segment);
        }

        (route.Pattern.IsAnyDepth ? node.AnyDepth : node.Ending).Add(route);
    }
}
