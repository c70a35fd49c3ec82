using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// Finds what stands in a page or a document where people do not see it and models do: comments, elements without size, colour or display.
/// </summary>
internal sealed class HiddenRegions
{
    private static readonly LiteralSet<Kind> Openings = new(
        (["<!--"], Kind.Comment),
        (["[comment]:", "[//]:", "[comment]: #"], Kind.Line),
        ([" alt=\"", " title=\"", " aria-label=\"", "name=\"description\" content=\""], Kind.Attribute),
        (["textcolor{white}", "color{white}", "\\tiny{", "\\tiny "], Kind.Line),
        ([
            "display:none", "display: none", "visibility:hidden", "visibility: hidden", "font-size:0", "font-size: 0", "font-size:1px",
            "font-size: 1px", "opacity:0", "opacity: 0", "color:white", "color: white", "color:#fff", "color: #fff", "color:transparent",
            "text-indent:-", "left:-999", "left: -999", "left:-1000", "left: -1000", "top:-999", "top: -999", " hidden>", " hidden=",
            "color:rgba(0,0,0,0", "color:rgb(255", "color: rgb(255", "color: transparent", "max-height:0", "clip:rect(0",
            "clip: rect(0", "transform:scale(0", "transform: scale(0", "font-size:.", "line-height:0", "line-height: 0", "<template",
            "<noscript", "sr-only", "visually-hidden",
        ], Kind.Element));

    private readonly List<(int Start, int End)> _regions = [];
    private int _next;

    private enum Kind
    {
        Comment,
        Line,
        Element,
        Attribute,
    }

    /// <param name="text">The text, folded and in lower case.</param>
    public void Read(ReadOnlySpan<byte> text)
    {
        _regions.Clear();
        _next = 0;
        for (var at = 0; (at = Openings.Find(text, at, out var length, out var kind)) >= 0;)
        {
            var start = at + length;
            var ending = kind switch { Kind.Comment => "-->"u8, Kind.Line => "\n"u8, Kind.Attribute => "\""u8, _ => "</"u8 };
            var end = text[start..].IndexOf(ending) is >= 0 and var found ? start + found : text.Length;
            _regions.Add((start, end));
            at = end;
        }
    }

    /// <summary>Whether an offset is hidden. Offsets must be asked for in ascending order.</summary>
    public bool Contains(int offset)
    {
        while (_next < _regions.Count && _regions[_next].End <= offset)
        {
            _next++;
        }

        return _next < _regions.Count && _regions[_next].Start <= offset;
    }
}
