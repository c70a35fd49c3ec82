using System.Text;

namespace LlmGuard.Integration.Tests.BadInput;

/// <summary>A request body that is not what it should be, and what becomes of it on a guarded chat route.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Status">What the caller is answered.</param>
/// <param name="Sent">What reaches the upstream when it is let through; null when it is refused.</param>
public sealed record BadBody(string Name, byte[] Body, int Status, string? Sent = null)
{
    private const int MaxBody = 4096;

    public string ContentType { get; init; } = "application/json";

    public bool IsChunked { get; init; }

    public static string Limits => $$"""{ "max_body_bytes": {{MaxBody}}, "max_depth": 16 }""";

    public static IEnumerable<BadBody> All { get; } =
    [
        Refused("a duplicate key", """{"model":"m","messages":[{"role":"user","content":"x","content":"peach"}]}"""),
        Refused("a duplicate list of messages", """{"messages":[{"role":"user","content":"x"}],"messages":[{"role":"user","content":"peach"}]}"""),
        Refused("a duplicate key by escape", """{"messages":[{"role":"user","content":"x","cont\u0065nt":"peach"}]}"""),
        Refused("a duplicate key by case", """{"messages":[{"role":"user","content":"x","Content":"peach"}]}"""),
        new("invalid UTF-8", [.. """{"messages":[{"role":"user","content":"peach """u8, 0xff, 0xfe, .. "\"}]}"u8], 400),
        new("overlong UTF-8", [.. """{"messages":[{"role":"user","content":"peach """u8, 0xc0, 0xaf, .. "\"}]}"u8], 400),
        new("invalid UTF-8 in a key", [.. """{"messages":[{"role":"user","content":"peach"}],"k"""u8, 0xff, .. "\":1}"u8], 400),
        Refused("a lone high surrogate", """{"messages":[{"role":"user","content":"peach \ud83d"}]}"""),
        Refused("a lone low surrogate", """{"messages":[{"role":"user","content":"\ude00 peach"}]}"""),
        Refused("surrogates the wrong way round", """{"messages":[{"role":"user","content":"\ude00\ud83d peach"}]}"""),
        Refused("a lone surrogate in a key", """{"messages":[{"role":"user","content":"peach"}],"k\ud83d":1}"""),
        Refused("trailing data", Chat("peach") + "x"),
        Refused("a second document", Chat("x") + Chat("peach")),
        Refused("a trailing comma", """{"messages":[{"role":"user","content":"peach"},]}"""),
        Refused("a comment", """{"messages":[{"role":"user","content":"peach"}]/* */}"""),
        new("a BOM", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Chat("peach"))], 400),
        new("UTF-16", Encoding.Unicode.GetBytes(Chat("peach")), 400),
        Refused("NaN", """{"temperature":NaN,"messages":[{"role":"user","content":"peach"}]}"""),
        Refused("Infinity", """{"temperature":-Infinity,"messages":[{"role":"user","content":"peach"}]}"""),
        Refused("a leading zero", """{"n":01,"messages":[{"role":"user","content":"peach"}]}"""),
        Refused("single quotes", "{'messages':[{'role':'user','content':'peach'}]}"),
        Refused("a raw line feed in a string", "{\"messages\":[{\"role\":\"user\",\"content\":\"peach\n\"}]}"),
        Refused("a cut document", Chat("peach")[..^3]),
        Refused("half an escape", """{"messages":[{"role":"user","content":"peach\u00"""),
        new("nesting past the limit",
            Bytes($$"""{"messages":[{"role":"user","content":"peach"}],"x":{{new string('[', 40)}}{{new string(']', 40)}}}"""), 413),
        Refused("text", "peach"),
        Refused("an empty body", ""),
        Refused("only white space", "   "),
        new("a body over the limit", Bytes(Chat("peach" + new string('y', MaxBody))), 413),
        new("a chunked body over the limit", Bytes(Chat("peach" + new string('y', MaxBody))), 413) { IsChunked = true },
        Passed("content as a string", """{"messages":[{"role":"user","content":"peach"}]}"""),
        Passed("content as an array", """{"messages":[{"role":"user","content":[{"type":"text","text":"peach"}]}]}"""),
        Passed("content as an array of an unknown type", """{"messages":[{"role":"user","content":[{"type":"novel","words":{"a":["peach"]}}]}]}"""),
        Passed("content as an object", """{"messages":[{"role":"user","content":{"text":"peach"}}]}"""),
        Passed("content as an array of strings", """{"messages":[{"role":"user","content":["peach"]}]}"""),
        Passed("content null", """{"messages":[{"role":"assistant","content":null,"name":"peach"}]}"""),
        Passed("content as a number", """{"messages":[{"role":"user","content":12.50}],"user":"peach"}"""),
        Passed("no role", """{"messages":[{"content":"peach"}]}"""),
        Passed("role as a number", """{"messages":[{"role":7,"content":"peach"}]}"""),
        Passed("messages as an object", """{"messages":{"role":"user","content":"peach"}}"""),
        Passed("messages as a string", """{"messages":"peach"}"""),
        Passed("an escaped key", """{"messages":[{"role":"user","cont\u0065nt":"peach"}]}"""),
        Passed("an escaped word", """{"messages":[{"role":"user","content":"p\u0065ach"}]}""", "p\\u0065ach"),
        Passed("an unknown field", """{"messages":[],"novel":{"deep":["peach"]}}"""),
        Passed("an array instead of an object", """[{"role":"user","content":"peach"}]"""),
        Passed("a string instead of an object", "\"peach\""),
        Passed("no Content-Type to speak of", Chat("peach")) with { ContentType = "application/octet-stream" },
        Passed("a Content-Type of an image", Chat("peach")) with { ContentType = "image/png" },
        Passed("a Content-Type of a form", Chat("peach")) with { ContentType = "application/x-www-form-urlencoded" },
        Passed("a Content-Type of text", Chat("peach")) with { ContentType = "text/plain" },
        Passed("a Content-Type of gRPC", Chat("peach")) with { ContentType = "application/grpc" },
        Passed("a Content-Type of nothing", Chat("peach")) with { ContentType = "" },
        Passed("chunks without a length", Chat("peach")) with { IsChunked = true },
    ];

    public override string ToString() => Name;

    private static BadBody Refused(string name, string body) => new(name, Bytes(body), 400);

    private static BadBody Passed(string name, string body, string word = "peach") =>
        new(name, Bytes(body), 200, body.Replace(word, "[guard]", StringComparison.Ordinal));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Chat(string content) => Harness.Chat.Request(content);
}
