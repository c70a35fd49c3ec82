using System.Text;

namespace LlmGuard.Http.Tests.Dialects.Crossed;

/// <summary>Ways to write a body that readers take differently: repeated and respelled names, escapes, odd bytes, odd white space.</summary>
internal sealed class HostileBodies(int seed)
{
    private readonly Random _random = new(seed);

    public byte[] Next(string json)
    {
        var text = json;
        for (var i = _random.Next(3); i >= 0; i--)
        {
            text = Change(text);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return _random.Next(12) switch
        {
            0 => [0xEF, 0xBB, 0xBF, .. bytes],
            1 => [.. bytes, (byte)' ', (byte)'\n'],
            2 => [.. bytes, .. "{\"x\":\"MARKER\"}"u8],
            3 => [.. bytes, 0],
            4 => Encoding.Unicode.GetBytes(text),
            5 => Broken(bytes),
            _ => bytes,
        };
    }

    private string Change(string json) => _random.Next(9) switch
    {
        0 => Escaped(json, "MARKER"),
        1 => Escaped(json, "content"),
        2 => Escaped(json, "text"),
        3 => json.Insert(Math.Max(1, json.IndexOf('{', StringComparison.Ordinal) + 1), Repeated(json)),
        4 => json.Insert(1, "\"__proto__\":{\"a\":\"MARKER\"},"),
        5 => json.Replace(":", "\u00A0:", StringComparison.Ordinal),
        6 => json.Replace(",", " ,\t\r\n", StringComparison.Ordinal),
        7 => json.Replace("MARKER", "x\\ud83d\\ude00MARKER\\u0000", StringComparison.Ordinal),
        _ => json.Replace("MARKER", "\\ud800MARKER", StringComparison.Ordinal),
    };

    // A name that is there already, as it is or with an escape, in front of it.
    private string Repeated(string json)
    {
        var start = json.IndexOf('"', StringComparison.Ordinal);
        var end = json.IndexOf('"', start + 1);
        var name = start < 0 || end < start ? "a" : json[(start + 1)..end];
        return "\"" + (_random.Next(2) == 0 ? name : Escape(name)) + "\":\"MARKER\",";
    }

    private static string Escaped(string json, string word) => json.Replace(word, Escape(word), StringComparison.Ordinal);

    private static string Escape(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));

    private byte[] Broken(byte[] bytes)
    {
        var copy = bytes.ToArray();
        copy[_random.Next(copy.Length)] = (byte)_random.Next(256);
        return copy;
    }
}
