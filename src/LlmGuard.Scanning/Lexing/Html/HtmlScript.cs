namespace LlmGuard.Scanning.Lexing.Html;

/// <summary>A stretch of a page that browsers run as JavaScript.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">The offset after it.</param>
/// <param name="Place">Where it stands.</param>
internal readonly record struct HtmlScript(int Start, int End, HtmlScriptPlace Place);

/// <summary>Where the script of a page stands.</summary>
internal enum HtmlScriptPlace : byte
{
    /// <summary>Between the tags of a script element; it ends at the end tag, whatever a string in it holds.</summary>
    Element,

    /// <summary>In an attribute that handles an event.</summary>
    Handler,

    /// <summary>Behind the scheme of an address.</summary>
    Address,
}
