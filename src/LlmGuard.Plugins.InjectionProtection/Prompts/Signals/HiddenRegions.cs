using System.Buffers;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// Finds what stands in a page or a document where people do not see it and models do: comments, elements without size, colour or display; and how
/// much that says. Pages keep what they show later without display; letters without size, beside the screen or of the colour they stand on are for
/// no person.
/// </summary>
internal sealed class HiddenRegions
{
    /// <summary>What is not seen, and may be for the authors of the page or for those who hear it.</summary>
    public const int Unseen = 2;

    /// <summary>What is said in place of something seen.</summary>
    public const int Instead = 3;

    /// <summary>What was made so that nobody sees it.</summary>
    public const int Made = 4;

    private const int LongestStyle = 128;
    private const int LongestColour = 32;

    private static readonly SearchValues<byte> ColourEnds = SearchValues.Create(";\"'>} "u8);

    private static readonly LiteralSet<Kind> Openings = new(
        (["<!--"], Kind.Comment),
        (["[comment]:", "[//]:", "[comment]: #"], Kind.Line),
        ([" title=\"", " aria-label=\"", "name=\"description\" content=\""], Kind.Attribute),
        ([" alt=\""], Kind.Picture),
        (["textcolor{white}", "color{white}", "\\tiny{", "\\tiny "], Kind.Line),
        (["background:", "background-color:"], Kind.Colour),
        ([
            "font-size:0", "font-size: 0", "font-size:1px", "font-size: 1px", "opacity:0", "opacity: 0", "color:transparent", "color: transparent",
            "text-indent:-", "left:-999", "left: -999", "left:-1000", "left: -1000", "top:-999", "top: -999", "color:rgba(0,0,0,0",
            "max-height:0", "clip:rect(0", "clip: rect(0", "transform:scale(0", "transform: scale(0", "font-size:.", "line-height:0",
            "line-height: 0",
        ], Kind.Made),
        (["display:none", "display: none", "visibility:hidden", "visibility: hidden", "hidden>", " hidden="], Kind.Undisplayed),
        ([
            "color:white", "color: white", "color:#fff", "color: #fff", "color:rgb(255", "color: rgb(255", "<template", "<noscript", "sr-only",
            "visually-hidden", "aria-hidden=\"true",
        ], Kind.Element));

    private readonly List<(int Start, int End, int Weight, bool IsPage)> _regions = [];
    private int _next;

    private enum Kind
    {
        Comment,
        Line,
        Element,
        Undisplayed,
        Attribute,
        Picture,
        Made,
        Colour,
    }

    /// <param name="text">The text, folded and in lower case.</param>
    public void Read(ReadOnlySpan<byte> text)
    {
        _regions.Clear();
        _next = 0;
        for (var at = 0; (at = Openings.Find(text, at, out var length, out var kind)) >= 0;)
        {
            var start = at + length;
            if ((kind == Kind.Colour && !IsColourOfText(text, at, start)) || (text[at] == 'h' && !(at > 0 && text[at - 1] is (byte)' ' or (byte)'<')))
            {
                at = start;
                continue;
            }

            var ending = kind switch
            {
                Kind.Comment => "-->"u8,
                Kind.Line => "\n"u8,
                Kind.Attribute or Kind.Picture => "\""u8,
                _ => "</"u8,
            };
            var found = text[start..].IndexOf(ending);
            var end = found >= 0 ? start + found : text.Length;
            var weight = kind switch
            {
                // "(default hidden>) ...": what nothing closes is no element, unless it is written as the style of one.
                Kind.Made or Kind.Undisplayed when found < 0 && !IsInStyle(text, at) => Unseen,
                Kind.Made or Kind.Colour or Kind.Undisplayed => Made,
                Kind.Element when IsOwnColour(text, at, start, end) => Made,
                Kind.Picture => Instead,
                _ => Unseen,
            };
            _regions.Add((start, end, weight, kind == Kind.Undisplayed));
            at = end;
        }
    }

    /// <summary>How much it says that an offset is hidden; 0 where it is not. Offsets must be asked for in ascending order.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="isPage">Whether a page may show what stands there later, to whoever visits it.</param>
    public int WeightAt(int offset, out bool isPage)
    {
        while (_next < _regions.Count && _regions[_next].End <= offset)
        {
            _next++;
        }

        var isIn = _next < _regions.Count && _regions[_next].Start <= offset;
        isPage = isIn && _regions[_next].IsPage;
        return isIn ? _regions[_next].Weight : 0;
    }

    private static bool IsInStyle(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - LongestStyle)..at];
        return before.LastIndexOf("style="u8) > before.LastIndexOf((byte)'>');
    }

    // "color:white;background:#fff": what stands behind names the same colour as the letters.
    private static bool IsOwnColour(ReadOnlySpan<byte> text, int at, int start, int end)
    {
        var style = Style(text[start..end]);
        var ground = style.IndexOf("background"u8);
        return text[at..].StartsWith("color"u8) && ground >= 0 && style[ground..].IndexOf((byte)':') is > 0 and var colon
            && Colour(style[(ground + colon + 1)..]) is var colour && colour.Length > 2
            && SameColour(colour, Colour(text[(text[at..].IndexOf((byte)':') + at + 1)..]));
    }

    // "background:#eee;color:#eee".
    private static bool IsColourOfText(ReadOnlySpan<byte> text, int at, int start)
    {
        var ground = Colour(text[start..]);
        if (ground.Length < 3)
        {
            return false;
        }

        var before = text[Math.Max(0, at - LongestStyle)..at];
        before = before[(before.LastIndexOfAny("\"'{>"u8) + 1)..];
        return HasColour(before, ground) || HasColour(Style(text[start..]), ground);
    }

    private static bool HasColour(ReadOnlySpan<byte> style, ReadOnlySpan<byte> colour)
    {
        for (var at = 0; style[at..].IndexOf("color:"u8) is >= 0 and var found; at++)
        {
            at += found;
            if ((at == 0 || style[at - 1] != '-') && SameColour(colour, Colour(style[(at + "color:".Length)..])))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Style(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, LongestStyle)];
        return text.IndexOfAny("\"'>}"u8) is >= 0 and var end ? text[..end] : text;
    }

    private static ReadOnlySpan<byte> Colour(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, LongestColour)].TrimStart((byte)' ');
        return (text.IndexOfAny(ColourEnds) is >= 0 and var end ? text[..end] : text).Trim((byte)' ');
    }

    // "white", "#fff" and "#ffffff".
    private static bool SameColour(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right) || (IsWhite(left) && IsWhite(right));

    private static bool IsWhite(ReadOnlySpan<byte> colour) =>
        colour.SequenceEqual("white"u8) || colour.SequenceEqual("#fff"u8) || colour.SequenceEqual("#ffffff"u8);
}
