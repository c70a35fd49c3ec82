using System.Text;

namespace LlmGuard.Plugins;

/// <summary>Ways of writing a text by which it is the same to a reader or a model, and other bytes to a machine.</summary>
internal static class Transforms
{
    private const string Latin = "aceiopsxyjABCEHIKMNOPTX";
    private const string Likes =
        "\u0430\u0441\u0435\u0456\u043E\u0440\u0455\u0445\u0443\u0458\u0410\u0412\u0421\u0415\u041D\u0406\u041A\u041C\u039D\u041E\u0420\u0422\u0425";

    public static readonly (string Name, Func<string, string> Apply)[] All =
    [
        ("zero-width", t => Between(t, "\u200B")),
        ("tags", t => Between(t, "\U000E0041")),
        ("variation selectors", t => Between(t, "\uFE0F")),
        ("bidi", t => "\u202D" + Between(t, "\u2060") + "\u202C"),
        ("full-width", FullWidth),
        ("look-alikes", t => Map(t, c => Latin.IndexOf(c) is >= 0 and var i ? Likes[i] : c)),
        ("combining marks", t => string.Concat(t.Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}\u0336" : c.ToString()))),
        ("mathematical", Mathematical),
        ("base64", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t))),
        ("hexadecimal", t => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(t))),
        ("URL", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => $"%{b:X2}"))),
        ("HTML", t => string.Concat(t.EnumerateRunes().Select(r => $"&#x{r.Value:x};"))),
        ("\\u", t => string.Concat(t.Select(c => $"\\u{(int)c:x4}"))),
        ("base64 twice", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(t))))),
    ];

    private static string FullWidth(string text) => Map(text, c => c is > ' ' and < '\u007F' ? (char)(c + 0xFEE0) : c);

    private static string Between(string text, string what) => string.Concat(text.EnumerateRunes().Select(r => r + what));

    private static string Map(string text, Func<char, char> map) => string.Concat(text.Select(map));

    private static string Mathematical(string text) => string.Concat(text.Select(c => c switch
    {
        >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D400 + c - 'A'),
        >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D41A + c - 'a'),
        >= '0' and <= '9' => char.ConvertFromUtf32(0x1D7CE + c - '0'),
        _ => c.ToString(),
    }));
}
