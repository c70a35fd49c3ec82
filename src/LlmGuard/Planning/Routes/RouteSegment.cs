namespace LlmGuard.Planning.Routes;

/// <summary>What a segment of a pattern accepts, from the most to the least specific.</summary>
internal enum RouteSegmentKind
{
    Literal,
    Parameter,
    Wildcard,
}

/// <summary>One segment of a pattern: a literal, a parameter, or <c>prefix*suffix</c>. Compared without regard to case.</summary>
internal readonly record struct RouteSegment(RouteSegmentKind Kind, string Prefix, string Suffix)
{
    /// <summary>How much of the segment a wildcard fixes: among wildcards that contain one another, the longer is the narrower.</summary>
    public int LiteralLength => Prefix.Length + Suffix.Length;

    /// <summary>The segment in a form that is equal for equal segments: parameters have no names, letters no case.</summary>
    public string Canonical => Kind switch
    {
        RouteSegmentKind.Literal => Prefix.ToUpperInvariant(),
        RouteSegmentKind.Parameter => "{}",
        _ => $"{Prefix}*{Suffix}".ToUpperInvariant(),
    };

    /// <summary>Whether some text belongs to both segments.</summary>
    public bool Overlaps(RouteSegment other) => (Kind, other.Kind) switch
    {
        (RouteSegmentKind.Parameter, _) or (_, RouteSegmentKind.Parameter) => true,
        (RouteSegmentKind.Literal, RouteSegmentKind.Literal) => Prefix.Equals(other.Prefix, StringComparison.OrdinalIgnoreCase),
        (RouteSegmentKind.Literal, _) => other.Accepts(Prefix),
        (_, RouteSegmentKind.Literal) => Accepts(other.Prefix),
        _ => (StartsWith(Prefix, other.Prefix) || StartsWith(other.Prefix, Prefix))
            && (EndsWith(Suffix, other.Suffix) || EndsWith(other.Suffix, Suffix)),
    };

    /// <summary>Whether every text of the other segment belongs to this one.</summary>
    public bool Contains(RouteSegment other) => (Kind, other.Kind) switch
    {
        (RouteSegmentKind.Literal, RouteSegmentKind.Literal) => Prefix.Equals(other.Prefix, StringComparison.OrdinalIgnoreCase),
        (RouteSegmentKind.Literal, _) => false,
        (RouteSegmentKind.Parameter, _) => true,
        (_, RouteSegmentKind.Literal) => Accepts(other.Prefix),
        (_, RouteSegmentKind.Parameter) => LiteralLength == 0,
        _ => StartsWith(other.Prefix, Prefix) && EndsWith(other.Suffix, Suffix),
    };

    private bool Accepts(string text) => text.Length >= LiteralLength && StartsWith(text, Prefix) && EndsWith(text, Suffix);

    private static bool StartsWith(string text, string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool EndsWith(string text, string suffix) => text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
