using LlmGuard.Http.Json;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Json;

/// <summary>
/// What reading a request costs in memory besides what is lent from pools: bytes, which do not depend on the machine's load. A ceiling is what was
/// measured, and some to spare for another runtime.
/// </summary>
public sealed class ReadAllocationTests
{
    private const int Rounds = 200;

    private static readonly JsonReadOptions Options = new() { Direction = JsonDirection.Request, Dialect = "openai.chat_completions" };

    // What is left: the content, what says that it is gone, the bytes behind its texts, what finds the way back from edits, and the model's name.
    [TestCase(2 << 10)]
    [TestCase(64 << 10)]
    public void Read_ChatRequest_AllocatesTheSameForAnySize(int size)
    {
        var body = Chat(size);
        Assert.That(LeastAllocated.By(() => Read(body), 312 * Rounds) / Rounds, Is.InRange(1, 312));
    }

    [Test]
    public void Read_TwoBodiesAtOnce_KeepTheirTextsApart()
    {
        using var first = new ContentMemory();
        using var second = new ContentMemory();

        var contents = new[] { (first, "a\\nb"), (second, "c\\td") }
            .Select(of => Content(System.Text.Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{of.Item2}}"}]}"""), of.Item1))
                .ToArray();

        Assert.That(contents.Select(static c => c[0].Text), Is.EqualTo(new[] { "a\nb", "c\td" }));
    }

    private static void Read(byte[] body)
    {
        for (var i = 0; i < Rounds; i++)
        {
            using var memory = new ContentMemory();
            Content(body, memory);
        }
    }

    private static GuardrailContent Content(byte[] body, ContentMemory memory)
    {
        var builder = new GuardrailContentBuilder(memory);
        return JsonBodyReader.Read(body, Options, builder).Body is null
            ? throw new InvalidOperationException("The test's own body cannot be read.")
            : builder.Build();
    }

    private static byte[] Chat(int size) => System.Text.Encoding.UTF8.GetBytes(
        "{\"model\":\"m\",\"messages\":["
        + string.Join(',', Enumerable.Range(0, size / 512).Select(i => $$"""{"role":"user","content":"line {{i}}\n{{new string('x', 480)}}"}"""))
        + "]}");
}
