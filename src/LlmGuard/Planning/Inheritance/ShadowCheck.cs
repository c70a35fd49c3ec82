using System.Collections.Frozen;
using LlmGuard.Planning.Routes;

namespace LlmGuard.Planning.Inheritance;

/// <summary>
/// Warns where a more specific rule takes requests away from a wider one whose entries it does not have, and where a rule can never match.
/// </summary>
internal static class ShadowCheck
{
    // RFC 9110, PATCH and QUERY. Others are allowed, but one that is misspelt would guard nothing without a word.
    private static readonly FrozenSet<string> KnownMethods =
        FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

    public static void Run(RouteTable routes, IReadOnlyList<ScopedLevel> rules, WarningList warnings)
    {
        foreach (var route in routes.Routes)
        {
            if (warnings.IsFull)
            {
                return;
            }

            foreach (var method in route.Methods.Where(method => !KnownMethods.Contains(method)))
            {
                warnings.Add($"The rule '{route.Pattern}' at {route.Path} names the method '{method}', which HTTP itself does not know; "
                    + "requests with other methods are not its.");
            }

            foreach (var wider in routes.Wider(route))
            {
                if (route.Pattern.ComparePrecedence(wider.Pattern) < 0)
                {
                    WarnOfDropped(route, wider, rules, warnings);
                }
                else if (route.Pattern.ComparePrecedence(wider.Pattern) > 0 && wider.CoversMethodsOf(route))
                {
                    warnings.Add($"The rule '{route.Pattern}' at {route.Path} never matches: "
                        + $"'{wider.Pattern}' at {wider.Path} goes first for all of its requests.");
                }
            }
        }
    }

    private static void WarnOfDropped(Route route, Route wider, IReadOnlyList<ScopedLevel> rules, WarningList warnings)
    {
        var own = rules[route.Index].Entries.Where(e => e.Entry.Enabled).ToList();
        foreach (var entry in rules[wider.Index].Entries.Where(e => e.Entry.Enabled))
        {
            if (!own.Exists(o => o.Identity == entry.Identity || (o.Entry.Id is not null && o.Entry.Id == entry.Entry.Id)))
            {
                warnings.Add($"The rule '{route.Pattern}' at {route.Path} takes requests from '{wider.Pattern}' at {wider.Path} "
                    + $"and drops its entry {entry}.");
            }
        }
    }
}
