using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>Knows the names of attributes that run script.</summary>
internal static class HtmlEvents
{
    private static readonly string[] Parts =
    [
        "load", "error", "click", "mouse", "key", "focus", "blur", "change", "submit", "reset", "select", "abort", "drag", "drop", "scroll",
            "resize", "copy", "cut", "paste",
        "begin", "end", "repeat", "start", "finish", "bounce", "toggle", "play", "pause", "ended", "time", "wheel", "touch", "pointer", "animation",
            "transition", "message",
        "hashchange", "popstate", "storage", "online", "offline", "page", "print", "input", "invalid", "search", "show", "context", "before",
            "after", "activate", "cell",
        "control", "data", "filter", "help", "layout", "lose", "move", "property", "ready", "row", "stop", "unload", "seek", "media", "sync",
            "track", "url", "volume", "waiting",
        "can", "cue", "duration", "emptied", "progress", "rate", "stalled", "suspend", "security", "slot", "full", "wait", "out", "in", "dbl",
            "aux", "close", "cancel",
    ];

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_$."u8);
    private static readonly SearchValues<byte> ParameterBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_$, {}"u8);

    private static readonly byte[][] Names = [.. Parts.Select(System.Text.Encoding.ASCII.GetBytes)];

    private const int LongestInert = 64;

    /// <summary>
    /// Whether a browser would run the beginning of a handler and do nothing: a block with a mere name in it, or with a function that nobody calls.
    /// Frameworks
    /// write their handlers so (<c>onClick={save}</c>, <c>onClick={() => save()}</c>), and an attack would achieve nothing with it.
    /// </summary>
    /// <param name="value">The value and what follows it.</param>
    public static bool IsInert(ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(LongestInert, value.Length)];
        if (value.IsEmpty || value[0] != '{')
        {
            return false;
        }

        value = value[1..].TrimStart((byte)' ');
        value = value.StartsWith("async "u8) ? value[6..].TrimStart((byte)' ') : value;
        var isList = value is [(byte)'(', ..];
        var end = value[(isList ? 1 : 0)..].IndexOfAnyExcept(isList ? ParameterBytes : NameBytes) + (isList ? 1 : 0);
        if (end <= 0 || (isList && value[end] != ')'))
        {
            return false;
        }

        var rest = value[(isList ? end + 1 : end)..].TrimStart((byte)' ');
        return rest.StartsWith("=>"u8) || (!isList && rest is [(byte)'}', ..]);
    }

    // What only a person does; pictures load and fields get the focus by themselves.
    private static readonly WordTable<bool> Deeds = new(("onclick onchange onsubmit oninput onkeyup onkeydown onkeypress ondblclick", true));

    /// <summary>Whether a page calls a function of its own when somebody does something.</summary>
    /// <param name="name">The attribute, in lower case.</param>
    /// <param name="quoted">The value if it stands in quotes; nothing otherwise.</param>
    public static bool IsOwn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> quoted) => Deeds.Contains(name) && HandlerCode.IsOwnCall(quoted);

    /// <summary>
    /// Whether an attribute may be a handler that is not known: it is written as only pages are, without quotes, or has a program as its value.
    /// Documents of other kinds have names such as <c>only</c> and <c>onsite</c>, with words in quotes.
    /// </summary>
    /// <param name="name">The attribute, in lower case.</param>
    /// <param name="quoted">The value if it stands in quotes; nothing otherwise.</param>
    public static bool IsHandlerLike(ReadOnlySpan<byte> name, ReadOnlySpan<byte> quoted) => name.Length >= 5 && name.StartsWith("on"u8)
        && name[2..].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0 && (quoted.IsEmpty || HandlerCode.IsActive(quoted, isInTag: false));

    /// <summary>Whether an attribute is a handler of events.</summary>
    /// <param name="name">The attribute, in lower case.</param>
    /// <param name="isInTag">Whether it certainly is one, so that any name with the prefix of handlers will do.</param>
    public static bool IsEvent(ReadOnlySpan<byte> name, bool isInTag)
    {
        if (name.Length < 5 || name[0] != 'o' || name[1] != 'n' || name[2..].IndexOfAnyExceptInRange((byte)'a', (byte)'z') >= 0 && !(isInTag
            && AsciiByte.IsLetter(name[2])))
        {
            return false;
        }

        foreach (var part in Names)
        {
            if (name[2..].StartsWith(part))
            {
                return true;
            }
        }

        return false;
    }
}
