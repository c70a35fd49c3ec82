using LlmGuard.Execution.Background;
using LlmGuard.Http.Client;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Client;

public sealed class LentContentTests
{
    private const int Size = 100_000;

    private HeldBytesBudget _budget = null!;

    [SetUp]
    public void SetUp() => _budget = new HeldBytesBudget(10_000_000);

    [Test]
    public async Task CopyTo_BodyGivenUpMeanwhile_BytesStayUntilTheyAreWritten()
    {
        var body = await ReadAsync(1);
        using var content = new LentContent(body);
        using var slow = new SlowStream();

        var copying = content.CopyToAsync(slow);
        body.Dispose();
        var held = _budget.Held;
        using var others = await ReadAsync(2);
        slow.Continue.SetResult();
        await copying;

        Assert.Multiple(() =>
        {
            Assert.That(slow.ToArray(), Is.EqualTo(Bytes(1)));
            Assert.That(held, Is.GreaterThanOrEqualTo(Size), "what is still read is still held");
            Assert.That(() => body.Bytes.ToArray(), Throws.TypeOf<ObjectDisposedException>());
        });
    }

    [Test]
    public async Task CopyTo_BodyGivenUp_SaysThatTheCallIsOver()
    {
        var body = await ReadAsync(1);
        using var content = new LentContent(body);
        body.Dispose();
        body.Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(
                () => content.CopyToAsync(Stream.Null), Throws.TypeOf<HttpRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
            Assert.That(
                () => content.CopyTo(Stream.Null, null, CancellationToken.None),
                Throws.TypeOf<HttpRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
            Assert.That(_budget.Held, Is.Zero);
        });
    }

    [TestCase(1)]
    [TestCase(4095)]
    [TestCase(4096)]
    [TestCase(4097)]
    [TestCase(70_000)]
    [TestCase(1024 * 1024)]
    [TestCase((1024 * 1024) + 1)]
    public async Task ReadAsync_AnySize_GivesTheBytesOfTheBodyAndTheirRoomBack(int size)
    {
        using (var body = await ReadAsync(7, size))
        {
            Assert.That(body.Bytes.ToArray(), Is.EqualTo(Bytes(7, size)));
            Assert.That(body.WireBytes, Is.EqualTo(size));
        }

        Assert.That(_budget.Held, Is.Zero);
    }

    private ValueTask<BoundedBody> ReadAsync(byte seed, int size = Size) =>
        BoundedBody.ReadAsync(new MemoryStream(Bytes(seed, size)), [], 2_000_000, PlanLimits.Default, _budget, CancellationToken.None, isLent: true);

    private static byte[] Bytes(byte seed, int size = Size) => [.. Enumerable.Range(0, size).Select(i => (byte)(seed + i))];

    /// <summary>Looks at what it is given only when it is told to.</summary>
    private sealed class SlowStream : MemoryStream
    {
        public TaskCompletionSource Continue { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Continue.Task;
            Write(buffer.Span);
        }
    }
}
