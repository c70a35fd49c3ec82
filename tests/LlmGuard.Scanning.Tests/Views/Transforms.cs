using System.Text;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>The ways of writing a text by which it is the same to a reader or a model, and other bytes to a machine.</summary>
internal static class Transforms
{
    private const string Latin = "abcehijklmnoprstuvxyABCEHIKMNOPTXY";
    private const string Likes = "\u0430\u042C\u0441\u0435\u04BB\u0456\u0458\u03BA\u04CF\u217F\u0578\u043E\u0440\u0433\u0455\u03C4\u057D\u03BD\u0445\u0443\u0410\u0412\u0421\u0415\u041D\u0406\u041A\u041C\u039D\u041E\u0420\u0422\u0425\u03A5";

    public static readonly (string Name, Func<string, string> Apply)[] All =
    [
        ("zero-width", t => Between(t, "\u200B")),
        ("tags", t => Between(t, "\U000E0041")),
        ("variation selectors", t => Between(t, "\uFE0F")),
        ("bidi", t => "\u202D" + Between(t, "\u2060") + "\u202C"),
        ("full-width", t => Map(t, c => c is > ' ' and < '\u007F' ? (char)(c + 0xFEE0) : c)),
        ("look-alikes", LookAlikes),
        ("combining marks", t => string.Concat(t.Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}\u0336" : c.ToString()))),
        ("mathematical", Mathematical),
        ("base64", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t))),
        ("hexadecimal", t => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(t))),
        ("URL", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => $"%{b:X2}"))),
        ("HTML", t => string.Concat(t.EnumerateRunes().Select(r => $"&#x{r.Value:x};"))),
        ("\\u", t => string.Concat(t.Select(c => $"\\u{(int)c:x4}"))),
        ("base64 twice", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(t))))),
        ("URL in HTML", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => $"&percnt;{b:x2}"))),
        ("full-width in base64", t =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Map(t, c => c is > ' ' and < '\u007F' ? (char)(c + 0xFEE0) : c)))),
    ];

    /// <summary>Those only letters can be written in.</summary>
    public static readonly (string Name, Func<string, string> Apply)[] OfWords =
    [
        ("spaced", t => string.Join(' ', t.AsEnumerable())),
        ("dotted", t => string.Join('.', t.AsEnumerable())),
        ("leet", t => Map(t, c => "aeiosAEIOS".IndexOf(c) is >= 0 and var i ? "4310543105"[i] : c)),
    ];

    private static string Between(string text, string what) => string.Concat(text.EnumerateRunes().Select(r => r + what));

    private static string Map(string text, Func<char, char> map) => string.Concat(text.Select(map));

    private static string LookAlikes(string text) =>
        Map(text, c => Latin.IndexOf(c) is >= 0 and var i && Likes[i] is not ('\u042C' or '\u217F' or '\u0433') ? Likes[i] : c);

    private static string Mathematical(string text) => string.Concat(text.Select(c => c switch
    {
        >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D400 + c - 'A'),
        >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D41A + c - 'a'),
        >= '0' and <= '9' => char.ConvertFromUtf32(0x1D7CE + c - '0'),
        _ => c.ToString(),
    }));
}
