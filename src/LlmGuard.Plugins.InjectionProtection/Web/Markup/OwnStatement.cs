using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>
/// Recognises statements of JavaScript that can do no harm whatever program they are in, because all that they are given is a constant or a name of
/// the program's own: an element is emptied, a page of the same site is shown, a function is called later. They count where nothing stands before
/// them that could have been broken out of.
/// </summary>
internal static class OwnStatement
{
    /// <summary>Most bytes that are looked at.</summary>
    public const int Longest = 96;

    private static readonly SearchValues<byte> BreakSigns = SearchValues.Create("\"'`;>}{=(+<%"u8);
    private static readonly SearchValues<byte> PathBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789/_-."u8);
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_."u8);

    // Functions that attacks hand over to show that they run.
    private static readonly WordTable<bool> Shown = new(("alert confirm prompt eval print", true));

    /// <summary>Whether an element is emptied: <c>x.innerHTML = ''</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the assignment begins.</param>
    /// <param name="length">Its length, up to the equals sign.</param>
    public static bool Empties(ReadOnlySpan<byte> text, int at, int length) => text[at + length - 1] == '=' && IsFirst(text, at)
        && text[(at + length)..].TrimStart((byte)' ') is [(byte)'\'' or (byte)'"', _, ..] value && value[1] == value[0] && IsEnd(value[2..]);

    /// <summary>Whether another page of the same site is shown: <c>window.location.href = "/login"</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the name of the address begins.</param>
    public static bool Leads(ReadOnlySpan<byte> text, int at)
    {
        var rest = text.Slice(at, Math.Min(Longest, text.Length - at));
        var name = rest.IndexOfAnyExcept(NameBytes);
        if (name < 0 || !rest[..name].Contains((byte)'l') || rest[..name].IndexOf("location"u8) < 0 || !IsFirst(text, at))
        {
            return false;
        }

        rest = rest[name..].TrimStart((byte)' ');
        rest = rest is [(byte)'=', not (byte)'=', ..] ? rest[1..].TrimStart((byte)' ') : [];
        if (rest is not [(byte)'"' or (byte)'\'', (byte)'/', not ((byte)'/' or (byte)'\\'), ..])
        {
            return false;
        }

        var end = rest[1..].IndexOfAnyExcept(PathBytes);
        return end > 0 && rest[end + 1] == rest[0] && IsEnd(rest[(end + 2)..]);
    }

    /// <summary>Whether a timer is given a function by its name, and a time: <c>refresh, 5000)</c>.</summary>
    /// <param name="arguments">What stands behind the parenthesis, in lower case.</param>
    public static bool IsTimed(ReadOnlySpan<byte> arguments)
    {
        arguments = arguments[..Math.Min(Longest, arguments.Length)];
        var name = arguments.IndexOfAnyExcept(NameBytes);
        if (name <= 0 || !AsciiByte.IsLetter(arguments[0]) || Shown.Contains(arguments[..name]) || arguments[name] != ',')
        {
            return false;
        }

        arguments = arguments[(name + 1)..].TrimStart((byte)' ');
        var time = arguments.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return time > 0 && arguments[time] == ')';
    }

    private static bool IsFirst(ReadOnlySpan<byte> text, int at) => at <= Longest && !text[..at].ContainsAny(BreakSigns);

    // The statement ends, or a sentence goes on.
    private static bool IsEnd(ReadOnlySpan<byte> rest) => rest.TrimEnd((byte)' ') is [] or [(byte)';'] or [(byte)'.']
        || rest is [(byte)' ', >= (byte)'a' and <= (byte)'z', ..] or [(byte)';', (byte)'\n', ..];
}
