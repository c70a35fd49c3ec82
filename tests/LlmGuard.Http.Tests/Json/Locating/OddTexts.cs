using System.Text;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>
/// Texts that are JSON, and texts that are nearly: long and short, nested, escaped, foreign, cut and broken. The same for the same seed.
/// </summary>
internal static class OddTexts
{
    // Bodies as clients send them, long enough to span blocks, and one chunk and more.
    private static readonly byte[][] Bodies =
    [
        """{"model":"gpt-4o","temperature":0.7,"stream":true,"messages":[{"role":"system","content":"You are \"careful\".\nAlways."},{"role":"user","content":[{"type":"text","text":"Caf\u00e9 \ud83d\ude00 – naïve, 信息, 😀 C:\\dir\\file"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}],"tools":[]}"""u8.ToArray(),
        """ { "tools" : [ { "type" : "function" , "function" : { "name" : "f" , "parameters" : { "type" : "object" , "properties" : { "a" : { "type" : "string" } } } } } ] , "n" : -12.5e-3 , "stop" : null } """u8.ToArray(),
        """{"id":"x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":\"Z\\u00fcrich\",\"q\":\"\\\"\\\\\"}"}}]},"logprobs":null,"finish_reason":null}]}"""u8.ToArray(),
        Encoding.UTF8.GetBytes("{\"messages\":[" + string.Join(',', Enumerable.Range(0, 60).Select(i =>
            $"{{\"role\":\"user\",\"content\":\"{new string('x', i * 5)}{(i % 3 == 0 ? "\\n" : "é")}\"}}")) + "]}"),
        Encoding.UTF8.GetBytes("[" + string.Join(',',
            Enumerable.Range(0, 1200).Select(i => (i / 7.0).ToString("R", System.Globalization.CultureInfo.InvariantCulture))) + "]"),
        Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"key{i}\":\"\\u{i:x4}\"")) + "}"),
    ];

    private static readonly byte[] Interesting =
        [.. "{}[]\",:\\/bfnrtu0123456789aADF-+.eE \n\r\t\f\u001A\u001F\0\u007F"u8, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
            0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF];

    private static readonly byte[][] Pieces =
    [
        "\\\\"u8.ToArray(), "\\\""u8.ToArray(), "\\u0000"u8.ToArray(), "\\ud83d\\ude00"u8.ToArray(), "\\ud83d"u8.ToArray(), "\\ude00"u8.ToArray(),
        "\\uD83D\\n"u8.ToArray(), "\\u00zz"u8.ToArray(),
        "é"u8.ToArray(), "信"u8.ToArray(), "😀"u8.ToArray(), [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xC3],
        "[[[["u8.ToArray(), "]]"u8.ToArray(), "{\"a\":"u8.ToArray(), "\"a\":1,"u8.ToArray(), "true"u8.ToArray(), "nul"u8.ToArray(),
        "-0.5E+10"u8.ToArray(), "01"u8.ToArray(), ",,"u8.ToArray(), "\"\""u8.ToArray(),
        new byte[70], Encoding.ASCII.GetBytes(new string(' ', 65)), Encoding.ASCII.GetBytes(new string('\\', 63)),
        Encoding.ASCII.GetBytes(new string('x', 130)),
    ];

    public static byte[] Of(int seed)
    {
        var random = new Random(seed);
        List<byte> text = random.Next(8) switch
        {
            0 => [.. Bodies[random.Next(Bodies.Length)]],
            1 => [.. Bytes(random)],
            2 => Nested(random),
            3 => Quoted(random),
            _ => [.. Encoding.UTF8.GetBytes(new JsonSample(seed, 1 + random.Next(60)).Json)],
        };

        // Every place is in any place of a block now and then.
        if (random.Next(3) == 0)
        {
            text.InsertRange(0, Enumerable.Repeat((byte)' ', random.Next(130)));
        }

        for (var mutations = Math.Max(0, random.Next(6) - 2); mutations > 0 && text.Count > 0; mutations--)
        {
            Mutate(text, random);
        }

        return [.. text];
    }

    private static void Mutate(List<byte> text, Random random)
    {
        var at = random.Next(text.Count);
        switch (random.Next(7))
        {
            case 0:
                text.RemoveAt(at);
                break;
            case 1:
                text.Insert(at, Interesting[random.Next(Interesting.Length)]);
                break;
            case 2:
                text[at] = Interesting[random.Next(Interesting.Length)];
                break;
            case 3:
                text[at] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                text.RemoveRange(at, random.Next(3) == 0 ? text.Count - at : Math.Min(random.Next(80), text.Count - at));
                break;
            case 5:
                text.InsertRange(at, text.GetRange(at, Math.Min(random.Next(90), text.Count - at)));
                break;
            default:
                text.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<byte> Nested(Random random)
    {
        var depth = 1 + random.Next(90);
        var isObject = Enumerable.Range(0, depth).Select(_ => random.Next(2) == 0).ToArray();
        return [.. isObject.SelectMany(o => o ? "{\"k\":"u8.ToArray() : "["u8.ToArray()), (byte)'1',
            .. isObject.Reverse().Select(o => (byte)(o ? '}' : ']'))];
    }

    /// <summary>A string of well-formed escapes and characters of all lengths.</summary>
    private static List<byte> Quoted(Random random)
    {
        List<byte> text = [(byte)'"'];
        for (var left = random.Next(200); left > 0; left--)
        {
            switch (random.Next(5))
            {
                case 0:
                    text.AddRange([(byte)'\\', "\"\\/bfnrt"u8[random.Next(8)]]);
                    break;
                case 1:
                    text.AddRange(Encoding.ASCII.GetBytes($"\\u{random.Next(0xD800):x4}"));
                    break;
                case 2:
                    text.AddRange(
                        Encoding.UTF8.GetBytes(new Rune(random.Next(2) == 0 ? random.Next(0x80, 0xD800) : random.Next(0xE000, 0x110000)).ToString()));
                    break;
                default:
                    text.AddRange("plain text"u8[..random.Next(10)]);
                    break;
            }
        }

        text.Add((byte)'"');
        return text;
    }
}
