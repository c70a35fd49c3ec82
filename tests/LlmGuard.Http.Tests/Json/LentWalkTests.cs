using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Tests.Json;

/// <summary>
/// What reading a body takes besides its texts goes back with them and is the next body's: nothing of the one may be seen through the other.
/// </summary>
public sealed class LentWalkTests
{
    private static readonly JsonReadOptions Options = new() { Direction = JsonDirection.Request, Dialect = "openai.chat_completions" };
    private static readonly TextEdit Edit = new(0, new TextSpan(0, 1), "*"u8.ToArray());

    // Each leaves something else behind: joins, nested JSON, values derived of texts, more segments than a page has, a failure in the middle.
    private static readonly string[] Bodies =
    [
        """{"messages":[{"role":"user","content":"one\n"}]}""",
        """{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b\t"}]}]}""",
        """{"messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"x\":\"y\\n\",\"z\":[1,\"w\"]}"}}]}]}""",
        """{"choices":[{"index":0,"message":{"role":"assistant","content":"text"},"logprobs":{"content":[{"token":"te"}]}}]}""",
        """{"choices":[{"index":0,"message":{"role":"assistant","content":"some longer text of which no value is derived"}}]}""",
        $$"""{"messages":[{{string.Join(',', Enumerable.Range(0, 1500).Select(static i => $$"""{"role":"user","content":"n{{i}}"}"""))}}]}""",
        """{"messages":[{"role":"user","content":"twice","content":"twice"}]}""",
        """{"messages":[{"role":"user","content":[""",
        """{"messages":[]}""",
    ];

    [Test]
    public void Read_ManyAtOnce_ReadsAndRewritesWhatOneOfItsOwnDoes()
    {
        var expected = Bodies.Select(static body => Told(body, Read(body, null))).ToArray();

        Parallel.For(0, 8, lane =>
        {
            var random = new Random(lane);
            var open = new List<(int Number, ContentMemory Memory, (JsonBody? Body, GuardrailContent? Content) Read)>();
            for (var i = 0; i < 300; i++)
            {
                var number = random.Next(Bodies.Length);
                var memory = new ContentMemory();
                open.Add((number, memory, Read(Bodies[number], memory)));
                if (open.Count > random.Next(8))
                {
                    var ended = open[random.Next(open.Count)];
                    open.Remove(ended);
                    Assert.That(Told(Bodies[ended.Number], ended.Read), Is.EqualTo(expected[ended.Number]));
                    ended.Memory.Dispose();
                }
            }
        });
    }

    [Test]
    public void Rewrite_CallIsOver_IsRefusedHoweverManyCameAfter([Values(0, 1, 5)] int after)
    {
        var (body, content) = Released("""{"messages":[{"role":"user","content":"mine\n"}]}""");

        var others = Enumerable.Range(0, after).Select(_ =>
            Read("""{"messages":[{"role":"user","content":"theirs\n"}]}""", new ContentMemory())).ToArray();

        Assert.That(() => body!.Rewrite([Edit], []), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => body!.StringOf(0), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => content![0].Text, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(others.Select(static o => o.Content![0].Text), Has.All.EqualTo("theirs\n"));
    }

    [Test]
    public void Add_CallIsOver_IsRefusedHoweverManyCameAfter()
    {
        var memory = new ContentMemory();
        var builder = new GuardrailContentBuilder(memory);
        builder.AddText("mine", new SegmentInfo());
        builder.Build();
        memory.Dispose();

        var others = Read(Bodies[0], new ContentMemory());

        Assert.That(() => builder.AddText("more", new SegmentInfo()), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(others.Content!.Select(static s => s.Text), Is.EqualTo(new[] { "one\n" }));
    }

    private static (JsonBody? Body, GuardrailContent? Content) Released(string body)
    {
        using var memory = new ContentMemory();
        return Read(body, memory);
    }

    private static (JsonBody? Body, GuardrailContent? Content) Read(string body, ContentMemory? memory)
    {
        var builder = new GuardrailContentBuilder(memory);
        var options = body.Contains("choices", StringComparison.Ordinal) ? Options with { Direction = JsonDirection.Response } : Options;
        var read = JsonBodyReader.Read(Encoding.UTF8.GetBytes(body), options, builder).Body;
        return (read, read is null ? null : builder.Build());
    }

    private static string Told(string body, (JsonBody? Body, GuardrailContent? Content) read)
    {
        if (read is not { Body: { } json, Content: { } content })
        {
            return "unreadable " + body.Length;
        }

        var told = new StringBuilder().AppendJoin('|', content.Select(static s => $"{s.Role} {s.Kind} {s.Group} {s.Editability.Scope} {s.Text}"))
            .Append(json.FirstSegment).Append(' ').Append(json.SegmentCount).Append(' ').Append(json.Depth).Append(json.HasStale);
        foreach (var segment in content.Where(static s => s.Index < 20 && s.Editability.Scope == EditScope.Span && s.Utf8.Length > 0))
        {
            var rewrite = json.Rewrite([Edit with { Segment = segment.Index }], []);
            told.Append(' ').Append(rewrite.Failure).Append(rewrite.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "none");
        }

        return told.ToString();
    }
}
