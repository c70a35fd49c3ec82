using System.Text;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.Streams;

namespace LlmGuard.Http.Tests.Wire;

[TestFixture]
public sealed class UsageFilterStreamTests
{
    private const string Delta = "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a \\\"usage\\\" of words\"}}],\"usage\":null}\n\n";
    private const string Usage =
        "data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}\n\n";
    private const string Prompt = "data: {\"choices\":[],\"prompt_filter_results\":[{\"usage\":1}]}\n\n";
    private const string Done = "data: [DONE]\n\n";

    private static readonly TestCaseData[] Streams =
    [
        new(Delta + Usage + Done, Delta + Done) { TestName = "usage is taken out" },
        new(Prompt + Delta + Done, Prompt + Delta + Done) { TestName = "other events without choices stay" },
        new((Delta + Usage + Done).ReplaceLineEndings("\r\n"), (Delta + Done).ReplaceLineEndings("\r\n")) { TestName = "CRLF" },
        new(": ping\n\n" + Usage.Replace("data: ", "data:", StringComparison.Ordinal), ": ping\n\n") { TestName = "comments stay" },
        new(Delta + Usage.TrimEnd(), Delta) { TestName = "usage at the end of a cut stream" },
        new("{\"error\":{\"message\":\"x\"}}", "{\"error\":{\"message\":\"x\"}}") { TestName = "what is no stream stays" },
        new("data: " + new string('x', 20_000) + "\n\n" + Usage, "data: " + new string('x', 20_000) + "\n\n") { TestName = "a large event passes" },
    ];

    [TestCaseSource(nameof(Streams))]
    public async Task Filter_AnyCut_GivesTheSame(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        foreach (var piece in (int[])[1, 7, 64, bytes.Length])
        {
            using var written = new MemoryStream();
            var writer = new UsageFilterStream(written, DialectRegistry.Find("openai.chat_completions")!);
            foreach (var chunk in bytes.Chunk(piece))
            {
                await writer.WriteAsync(chunk);
            }

            await writer.EndAsync(CancellationToken.None);
            using var reader = new StreamReader(new UsageFilterStream(new Pieces(bytes, piece), DialectRegistry.Find("openai.chat_completions")!));
            Assert.That(
                (Encoding.UTF8.GetString(written.ToArray()), await reader.ReadToEndAsync()), Is.EqualTo((expected, expected)), $"pieces of {piece}");
        }
    }

    [Test]
    public async Task Filter_CompleteEvents_LeaveAtOnce()
    {
        using var written = new MemoryStream();
        var writer = new UsageFilterStream(written, DialectRegistry.Find("openai.chat_completions")!);
        await writer.WriteAsync(Encoding.UTF8.GetBytes(Delta + "data: {"));
        Assert.That(Encoding.UTF8.GetString(written.ToArray()), Is.EqualTo(Delta));
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
