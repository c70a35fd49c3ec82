using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace LlmGuard.Planning.Routes;

/// <summary>
/// A rule's path: literal segments, <c>{parameter}</c> segments, at most one <c>*</c> within a segment, and a trailing <c>/*</c> that stands for
/// any number of further segments, none included. Compared without regard to case; a trailing slash means nothing.
/// </summary>
internal sealed class RoutePattern
{
    private const int MaxLength = 2048;
    private const int MaxSegments = 128;

    // A path with one of these has several readings, so a rule that asks for one could never match: refused rather than ignored.
    private static readonly SearchValues<char> Unmatchable = SearchValues.Create("%\\;?#");
    private static readonly SearchValues<char> Special = SearchValues.Create("*{}");

    private RoutePattern(string text, ImmutableArray<RouteSegment> segments, bool isAnyDepth)
    {
        Text = text;
        Segments = segments;
        IsAnyDepth = isAnyDepth;
        Canonical = string.Concat(segments.Select(s => "/" + s.Canonical)) + (isAnyDepth ? "/**" : "");
    }

    public string Text { get; }

    public ImmutableArray<RouteSegment> Segments { get; }

    /// <summary>Whether it ends in <c>/*</c>: further segments, or none, may follow.</summary>
    public bool IsAnyDepth { get; }

    /// <summary>Equal for patterns that accept the same paths by the same segments.</summary>
    public string Canonical { get; }

    public bool IsExact => !IsAnyDepth && Segments.All(s => s.Kind == RouteSegmentKind.Literal);

    public static bool TryParse(string text, [NotNullWhen(true)] out RoutePattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        problem = Refuse(text);
        if (problem is not null)
        {
            return false;
        }

        var body = text.EndsWith('/') ? text[..^1] : text;
        var isAnyDepth = body.EndsWith("/*", StringComparison.Ordinal);
        var parts = (isAnyDepth ? body[..^2] : body).Split('/').Skip(1).ToArray();
        if (parts.Length > MaxSegments)
        {
            problem = $"the path has {parts.Length} segments; at most {MaxSegments} are supported";
            return false;
        }

        var segments = ImmutableArray.CreateBuilder<RouteSegment>(parts.Length);
        foreach (var part in parts)
        {
            if (ParseSegment(part, out problem) is not { } segment)
            {
                problem ??= "a segment is malformed";
                return false;
            }

            segments.Add(segment);
        }

        pattern = new RoutePattern(text, segments.MoveToImmutable(), isAnyDepth);
        return true;
    }

    /// <summary>Whether some path belongs to both patterns.</summary>
    public bool Overlaps(RoutePattern other)
    {
        var common = Math.Min(Segments.Length, other.Segments.Length);
        for (var i = 0; i < common; i++)
        {
            if (!Segments[i].Overlaps(other.Segments[i]))
            {
                return false;
            }
        }

        return Segments.Length == other.Segments.Length || (Segments.Length < other.Segments.Length ? IsAnyDepth : other.IsAnyDepth);
    }

    /// <summary>Whether every path of the other pattern belongs to this one.</summary>
    public bool Contains(RoutePattern other)
    {
        if (Segments.Length > other.Segments.Length || (!IsAnyDepth && (other.IsAnyDepth || Segments.Length != other.Segments.Length)))
        {
            return false;
        }

        for (var i = 0; i < Segments.Length; i++)
        {
            if (!Segments[i].Contains(other.Segments[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Which of two overlapping patterns goes first, segment by segment from the left: negative for this one, positive for the other, 0 for a tie.
    /// Literal beats parameter beats wildcard beats a trailing <c>/*</c>; of two wildcards the one contained in the other goes first.
    /// </summary>
    public int ComparePrecedence(RoutePattern other)
    {
        var common = Math.Min(Segments.Length, other.Segments.Length);
        for (var i = 0; i < common; i++)
        {
            var (mine, theirs) = (Segments[i], other.Segments[i]);
            if (mine.Kind != theirs.Kind)
            {
                return mine.Kind.CompareTo(theirs.Kind);
            }

            var (contains, contained) = (mine.Contains(theirs), theirs.Contains(mine));
            if (contains != contained)
            {
                return contains ? 1 : -1;
            }

            if (!contains)
            {
                return 0;
            }
        }

        return Segments.Length != other.Segments.Length
            ? other.Segments.Length.CompareTo(Segments.Length)
            : IsAnyDepth.CompareTo(other.IsAnyDepth);
    }

    public override string ToString() => Text;

    private static string? Refuse(string text)
    {
        if (text.Length > MaxLength)
        {
            return $"the path has {text.Length} characters; at most {MaxLength} are supported";
        }

        if (!text.StartsWith('/'))
        {
            return "a path starts with '/'";
        }

        if (text.AsSpan().ContainsAny(Unmatchable) || text.Any(char.IsControl) || text.Any(char.IsWhiteSpace))
        {
            return "a path is written decoded, without query, and has none of the characters % \\ ; ? #, no white space and no control characters";
        }

        return text.Contains("//", StringComparison.Ordinal) || text.Split('/').Any(s => s is "." or "..")
            ? "a path has no empty segments and no '.' or '..' segments"
            : null;
    }

    private static RouteSegment? ParseSegment(string part, out string? problem)
    {
        problem = null;
        if (!part.AsSpan().ContainsAny(Special))
        {
            return new RouteSegment(RouteSegmentKind.Literal, part, "");
        }

        if (part.Length > 2 && part[0] == '{' && part[^1] == '}' && part.AsSpan(1, part.Length - 2).IndexOfAnyExcept(NameCharacters) < 0)
        {
            return new RouteSegment(RouteSegmentKind.Parameter, "", "");
        }

        var star = part.IndexOf('*', StringComparison.Ordinal);
        if (part.AsSpan().ContainsAny('{', '}') || part.LastIndexOf('*') != star)
        {
            problem = "a segment is a literal, a whole '{name}' of letters, digits, '_' and '-', or has one '*' (as in '*:generate'); "
                + "'/*' at the end stands for any depth";
            return null;
        }

        return new RouteSegment(RouteSegmentKind.Wildcard, part[..star], part[(star + 1)..]);
    }

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}
