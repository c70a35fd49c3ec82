namespace LlmGuard.Planning.Routes;

/// <summary>
/// The wildcard segments below one node whose prefixes, and whose suffixes, are equally long: one lookup finds the one that accepts a text.
/// </summary>
internal sealed class WildcardShape(int prefixLength, int suffixLength)
{
    private readonly Dictionary<string, Dictionary<string, RouteNode>> _nodes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(RouteSegment, RouteNode)> _children = [];

    public int LiteralLength => prefixLength + suffixLength;

    public IReadOnlyList<(RouteSegment Segment, RouteNode Node)> Children => _children;

    public bool Fits(RouteSegment segment) => segment.Prefix.Length == prefixLength && segment.Suffix.Length == suffixLength;

    public RouteNode Child(RouteSegment segment)
    {
        if (!_nodes.TryGetValue(segment.Prefix, out var bySuffix))
        {
            _nodes[segment.Prefix] = bySuffix = new Dictionary<string, RouteNode>(StringComparer.OrdinalIgnoreCase);
        }

        if (!bySuffix.TryGetValue(segment.Suffix, out var node))
        {
            bySuffix[segment.Suffix] = node = new RouteNode();
            _children.Add((segment, node));
        }

        return node;
    }

    /// <summary>The node of the wildcard that accepts the text, or null.</summary>
    public RouteNode? Find(ReadOnlySpan<char> text) => text.Length < LiteralLength ? null : Find(text[..prefixLength], text[^suffixLength..]);

    /// <summary>The node of the wildcard that contains the segment, or null.</summary>
    public RouteNode? FindContaining(RouteSegment segment) => segment.Kind switch
    {
        RouteSegmentKind.Literal => Find(segment.Prefix),
        RouteSegmentKind.Parameter => LiteralLength == 0 ? Find("", "") : null,
        _ => segment.Prefix.Length < prefixLength || segment.Suffix.Length < suffixLength
            ? null
            : Find(segment.Prefix.AsSpan(0, prefixLength), segment.Suffix.AsSpan(segment.Suffix.Length - suffixLength)),
    };

    private RouteNode? Find(ReadOnlySpan<char> prefix, ReadOnlySpan<char> suffix) =>
        _nodes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(prefix, out var bySuffix)
        && bySuffix.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(suffix, out var node)
            ? node
            : null;
}
