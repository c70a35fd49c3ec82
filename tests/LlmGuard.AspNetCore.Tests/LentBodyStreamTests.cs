using LlmGuard.AspNetCore.Requests;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

public sealed class LentBodyStreamTests
{
    private static readonly byte[] Sample = [.. Enumerable.Range(0, 9000).Select(i => (byte)i)];

    [Test]
    public async Task Read_PieceByPieceAndRewound_GivesTheBody()
    {
        using var body = await ReadAsync();
        using var stream = new LentBodyStream(body);
        using var copy = new MemoryStream();

        await stream.CopyToAsync(copy, 700);
        stream.Seek(-10, SeekOrigin.End);
        var last = new byte[20];
        var count = stream.Read(last, 0, 20);

        Assert.Multiple(() =>
        {
            Assert.That(copy.ToArray(), Is.EqualTo(Sample));
            Assert.That(last[..count], Is.EqualTo(Sample[^10..]));
            Assert.That(stream.Seek(5, SeekOrigin.Begin), Is.EqualTo(5));
            Assert.That(stream.Seek(2, SeekOrigin.Current), Is.EqualTo(7));
            Assert.That(stream.ReadByte(), Is.EqualTo(7));
            Assert.That(() => stream.Position = -1, Throws.TypeOf<ArgumentOutOfRangeException>());
            stream.Position = 100_000;
            Assert.That(stream.Read(last, 0, 20), Is.Zero, "behind the end");
        });
    }

    [Test]
    public async Task Read_CallIsOver_SaysSo()
    {
        var body = await ReadAsync();
        using var stream = new LentBodyStream(body);
        _ = stream.ReadByte();
        body.Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(
                () => stream.ReadByte(),
                Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo(typeof(HttpRequest).FullName));
            Assert.That(() => stream.ReadAsync(new byte[10]).AsTask(), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(stream.Length, Is.EqualTo(Sample.Length));
        });
    }

    private static ValueTask<BoundedBody> ReadAsync() => BoundedBody.ReadAsync(
        new MemoryStream(Sample), [], 100_000, PlanLimits.Default, new HeldBytesBudget(1_000_000), CancellationToken.None, isLent: true);
}
