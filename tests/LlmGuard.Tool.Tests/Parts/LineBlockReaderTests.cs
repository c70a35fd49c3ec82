using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Tests.Parts;

public class LineBlockReaderTests
{
    [FsCheck.NUnit.Property(MaxTest = 200, Replay = "(43,5)")]
    public Property Read_AnyTextInAnyPieces_GivesTheLinesOfTheText() => Prop.ForAll(
        ArbMap.Default.ArbFor<string?[]>(), ArbMap.Default.ArbFor<byte>(),
        (string?[] parts, byte piece) =>
        {
            var text = string.Join(
                "\n", parts.Select(p => new string([.. (p ?? "").Where(c => c is not '\n' and not '\r' && !char.IsSurrogate(c) && c != '\uFEFF')])));
            var expected = text.Length == 0 ? [] : text.Split('\n');
            expected = text.EndsWith('\n') ? expected[..^1] : expected;

            var lines = ReadAsync(Encoding.UTF8.GetBytes(text), piece + 1).GetAwaiter().GetResult();

            Assert.That(lines.Select(l => l.Text), Is.EqualTo(expected));
            Assert.That(lines.Select(l => l.Number), Is.EqualTo(Enumerable.Range(1, expected.Length)));
        });

    [TestCase(1)]
    [TestCase(1000)]
    public async Task Read_ByteOrderMarkAndCarriageReturns_AreNotPartOfLines(int piece)
    {
        var lines = await ReadAsync([0xEF, 0xBB, 0xBF, .. "a\r\n\r\nb\r\n"u8], piece);

        Assert.That(lines.Select(l => l.Text), Is.EqualTo(new[] { "a", "", "b" }));
    }

    [TestCase(50)]
    [TestCase(300_000)]
    [TestCase(1_000_000)]
    public async Task Read_LineOverTheLimit_IsReportedAndPassedOver(int piece)
    {
        var input = Encoding.UTF8.GetBytes($"first\n{new string('x', 900_000)}\nlast\nverylast");

        var lines = await ReadAsync(input, piece, maxLineBytes: 200_000);

        Assert.That(lines.Single(l => l.Number == 2).IsTooLong);
        Assert.That(
            lines.Where(l => l.Number != 2).Select(l => (l.Number, l.Text)), Is.EqualTo(new[] { (1L, "first"), (3L, "last"), (4L, "verylast") }));
    }

    [TestCase(200_000, false)]
    [TestCase(200_001, true)]
    public async Task Read_LineAsLongAsTheLimit_Passes(int length, bool isTooLong)
    {
        var lines = await ReadAsync(Encoding.UTF8.GetBytes($"{new string('x', length)}\nlast"), 1_000_000, maxLineBytes: 200_000);

        Assert.That(lines.Select(l => (l.Number, l.IsTooLong)), Is.EqualTo(new[] { (1L, isTooLong), (2L, false) }));
    }

    private static async Task<List<(long Number, string Text, bool IsTooLong)>> ReadAsync(
        byte[] input,
        int piece,
        int maxLineBytes = LineBlockReader.MaxLineBytes)
    {
        var reader = new LineBlockReader(new PieceStream(input, piece), maxLineBytes);
        var lines = new List<(long, string, bool)>();
        while (await reader.ReadAsync(CancellationToken.None) is { } block)
        {
            using (block)
            {
                if (block.IsTooLong)
                {
                    lines.Add((block.FirstLine, "", true));
                }

                lines.AddRange(block.Lines().Select((line, i) => (block.FirstLine + i, Encoding.UTF8.GetString(line.Span), false)).ToArray());
            }
        }

        return lines;
    }

    /// <summary>A stream that gives a few bytes at a time, as pipes do.</summary>
    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
