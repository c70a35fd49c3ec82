namespace LlmGuard.Planning.Routes;

/// <summary>
/// A node of the segment trie. Children are found by hash lookup, so a step costs the same however many rules there are. Not changed after the
/// table is built.
/// </summary>
internal sealed class RouteNode
{
    private readonly Dictionary<string, RouteNode> _literals = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<WildcardShape> _shapes = [];

    /// <summary>Rules whose pattern ends here.</summary>
    public RouteRules Ending { get; } = new();

    /// <summary>Rules whose pattern ends here in <c>/*</c>.</summary>
    public RouteRules AnyDepth { get; } = new();

    public RouteNode? Parameter { get; private set; }

    public IEnumerable<(RouteSegment Segment, RouteNode Node)> Wildcards => _shapes.SelectMany(s => s.Children);

    public IEnumerable<RouteNode> Children =>
        _literals.Values.Concat(Parameter is null ? [] : [Parameter]).Concat(Wildcards.Select(w => w.Node));

    public RouteNode Child(RouteSegment segment)
    {
        switch (segment.Kind)
        {
            case RouteSegmentKind.Literal:
                return _literals.TryGetValue(segment.Prefix, out var child) ? child : _literals[segment.Prefix] = new RouteNode();
            case RouteSegmentKind.Parameter:
                return Parameter ??= new RouteNode();
            default:
                var shape = _shapes.Find(s => s.Fits(segment));
                if (shape is null)
                {
                    _shapes.Add(shape = new WildcardShape(segment.Prefix.Length, segment.Suffix.Length));
                    _shapes.Sort(static (a, b) => b.LiteralLength.CompareTo(a.LiteralLength));
                }

                return shape.Child(segment);
        }
    }

    /// <summary>The rule that goes first for a path. Depth is bounded by the longest pattern.</summary>
    /// <param name="rest">What follows this node: empty, or a slash and more.</param>
    /// <param name="method">The method.</param>
    public Route? Find(ReadOnlySpan<char> rest, string method)
    {
        if (rest.IsEmpty)
        {
            return Ending.For(method) ?? AnyDepth.For(method);
        }

        var end = rest[1..].IndexOf('/');
        var segment = end < 0 ? rest[1..] : rest.Slice(1, end);
        var tail = rest[(segment.Length + 1)..];
        if (!segment.IsEmpty && FindBelow(segment, tail, method) is { } route)
        {
            return route;
        }

        return AnyDepth.For(method);
    }

    /// <summary>Collects the nodes whose patterns so far contain every path of a pattern, and hands out their rules.</summary>
    public void CollectContaining(RoutePattern pattern, int position, ICollection<Route> found)
    {
        foreach (var route in AnyDepth.Routes)
        {
            found.Add(route);
        }

        if (position == pattern.Segments.Length)
        {
            if (!pattern.IsAnyDepth)
            {
                foreach (var route in Ending.Routes)
                {
                    found.Add(route);
                }
            }

            return;
        }

        var segment = pattern.Segments[position];
        if (segment.Kind == RouteSegmentKind.Literal && _literals.TryGetValue(segment.Prefix, out var literal))
        {
            literal.CollectContaining(pattern, position + 1, found);
        }

        Parameter?.CollectContaining(pattern, position + 1, found);
        foreach (var shape in _shapes)
        {
            if (shape.FindContaining(segment) is { } wildcard)
            {
                wildcard.CollectContaining(pattern, position + 1, found);
            }
        }
    }

    private Route? FindBelow(ReadOnlySpan<char> segment, ReadOnlySpan<char> tail, string method)
    {
        if (_literals.Count > 0
            && _literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var literal)
            && literal.Find(tail, method) is { } byLiteral)
        {
            return byLiteral;
        }

        if (Parameter?.Find(tail, method) is { } byParameter)
        {
            return byParameter;
        }

        foreach (var shape in _shapes)
        {
            if (shape.Find(segment)?.Find(tail, method) is { } byWildcard)
            {
                return byWildcard;
            }
        }

        return null;
    }
}
