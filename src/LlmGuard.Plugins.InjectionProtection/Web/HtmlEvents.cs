using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>Knows the names of attributes that run script.</summary>
internal static class HtmlEvents
{
    private static readonly string[] Parts =
    [
        "load", "error", "click", "mouse", "key", "focus", "blur", "change", "submit", "reset", "select", "abort", "drag", "drop", "scroll", "resize", "copy", "cut", "paste",
        "begin", "end", "repeat", "start", "finish", "bounce", "toggle", "play", "pause", "ended", "time", "wheel", "touch", "pointer", "animation", "transition", "message",
        "hashchange", "popstate", "storage", "online", "offline", "page", "print", "input", "invalid", "search", "show", "context", "before", "after", "activate", "cell",
        "control", "data", "filter", "help", "layout", "lose", "move", "property", "ready", "row", "stop", "unload", "seek", "media", "sync", "track", "url", "volume", "waiting",
        "can", "cue", "duration", "emptied", "progress", "rate", "stalled", "suspend", "security", "slot", "full", "wait", "out", "in", "dbl", "aux", "close", "cancel",
    ];

    private static readonly byte[][] Names = [.. Parts.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether an attribute is a handler of events.</summary>
    /// <param name="name">The attribute, in lower case.</param>
    /// <param name="isInTag">Whether it certainly is one, so that any name with the prefix of handlers will do.</param>
    public static bool IsEvent(ReadOnlySpan<byte> name, bool isInTag)
    {
        if (name.Length < 5 || name[0] != 'o' || name[1] != 'n' || name[2..].IndexOfAnyExceptInRange((byte)'a', (byte)'z') >= 0 && !(isInTag && AsciiByte.IsLetter(name[2])))
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
