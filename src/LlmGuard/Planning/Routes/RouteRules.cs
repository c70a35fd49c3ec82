using System.Collections.Immutable;

namespace LlmGuard.Planning.Routes;

/// <summary>A rule as routing sees it.</summary>
/// <param name="Index">Its place among the document's rules.</param>
/// <param name="Pattern">Its path.</param>
/// <param name="Methods">Methods in upper case; empty means all.</param>
/// <param name="Path">Where it stands in the document.</param>
internal sealed record Route(int Index, RoutePattern Pattern, ImmutableArray<string> Methods, string Path)
{
    public bool Accepts(string method)
    {
        foreach (var own in Methods)
        {
            if (own.Equals(method, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return Methods.IsEmpty;
    }

    /// <summary>Whether some method belongs to both.</summary>
    public bool SharesMethodWith(Route other) => Methods.IsEmpty || other.Methods.IsEmpty || Methods.Any(other.Accepts);

    /// <summary>Whether every method of the other belongs to this one.</summary>
    public bool CoversMethodsOf(Route other) => Methods.IsEmpty || (!other.Methods.IsEmpty && other.Methods.All(Accepts));
}

/// <summary>The rules of one pattern; no two of them share a method.</summary>
internal sealed class RouteRules
{
    private Route[] _routes = [];

    public ReadOnlySpan<Route> Routes => _routes;

    public void Add(Route route) => _routes = [.. _routes, route];

    /// <summary>The rule that takes the method, or null.</summary>
    public Route? For(string method)
    {
        foreach (var route in _routes)
        {
            if (route.Accepts(method))
            {
                return route;
            }
        }

        return null;
    }
}
