namespace LlmGuard.Planning.Routes;

/// <summary>Finds rules of which neither goes first: the same pattern twice, or wildcards that overlap without one containing the other.</summary>
internal static class RouteTies
{
    public static void Report(RouteTable table, ICollection<SettingsProblem> problems) => Visit(table.Root, problems);

    private static void Visit(RouteNode node, ICollection<SettingsProblem> problems)
    {
        ReportSamePattern(node.Ending, problems);
        ReportSamePattern(node.AnyDepth, problems);
        ReportCrossingWildcards(node, problems);
        foreach (var child in node.Children)
        {
            Visit(child, problems);
        }
    }

    private static void ReportSamePattern(RouteRules rules, ICollection<SettingsProblem> problems)
    {
        for (var later = 1; later < rules.Routes.Length; later++)
        {
            foreach (var earlier in rules.Routes[..later])
            {
                if (earlier.SharesMethodWith(rules.Routes[later]))
                {
                    Report(earlier, rules.Routes[later], problems);
                    break;
                }
            }
        }
    }

    // Two wildcards cross when one has the longer prefix and the other the longer suffix, as 'a*' and '*b' do: both accept 'ab'.
    private static void ReportCrossingWildcards(RouteNode node, ICollection<SettingsProblem> problems)
    {
        var byPrefix = node.Wildcards.ToLookup(w => w.Segment.Prefix, StringComparer.OrdinalIgnoreCase);
        foreach (var (segment, below) in node.Wildcards)
        {
            for (var length = 0; length < segment.Prefix.Length; length++)
            {
                foreach (var (other, otherBelow) in byPrefix[segment.Prefix[..length]])
                {
                    if (other.Suffix.Length > segment.Suffix.Length && other.Overlaps(segment))
                    {
                        ReportOverlaps(below, otherBelow, problems);
                    }
                }
            }
        }
    }

    private static void ReportOverlaps(RouteNode left, RouteNode right, ICollection<SettingsProblem> problems)
    {
        var candidates = Rules(right).ToList();
        foreach (var route in Rules(left))
        {
            if (candidates.Find(c => c.SharesMethodWith(route) && c.Pattern.Overlaps(route.Pattern)) is { } other)
            {
                var (earlier, later) = route.Index < other.Index ? (route, other) : (other, route);
                Report(earlier, later, problems);
            }
        }
    }

    private static IEnumerable<Route> Rules(RouteNode node) =>
        [.. node.Ending.Routes, .. node.AnyDepth.Routes, .. node.Children.SelectMany(Rules)];

    private static void Report(Route earlier, Route later, ICollection<SettingsProblem> problems) => problems.Add(new SettingsProblem(
        later.Path,
        $"the path '{later.Pattern}' ties with '{earlier.Pattern}' of {earlier.Path}: some requests belong to both and neither goes first. "
        + "Change a path, split the methods, or set \"active\": false on one"));
}
