using System.Text;
using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Tests.Parts;

[CancelAfter(60_000)]
public class OrderedWorkTests
{
    [Test]
    public void Run_WorkFails_TheFailureReachesTheCaller(CancellationToken cancellationToken)
    {
        Assert.ThrowsAsync<InvalidTimeZoneException>(() => OrderedWork.RunAsync<int>(
            Reader(100),
            4,
            (block, _) => block.FirstLine == 50 ? throw new InvalidTimeZoneException() : Task.FromResult(0),
            _ => ValueTask.CompletedTask,
            cancellationToken));
    }

    [Test]
    public void Run_ConsumerFails_ReadingStops(CancellationToken cancellationToken)
    {
        var started = 0;

        Assert.ThrowsAsync<IOException>(() => OrderedWork.RunAsync(
            Reader(10_000),
            2,
            (_, _) => Task.FromResult(Interlocked.Increment(ref started)),
            _ => throw new IOException(),
            cancellationToken));

        Assert.That(started, Is.LessThan(100));
    }

    [Test]
    public void Run_SlowFirstBlock_HoldsNoMoreThanItsBound(CancellationToken cancellationToken)
    {
        var first = new TaskCompletionSource();
        var started = 0;
        var run = OrderedWork.RunAsync(
            Reader(1000),
            2,
            async (block, _) =>
            {
                // The first block waits until as much has been started as the bound lets through.
                if (Interlocked.Increment(ref started) == 6)
                {
                    first.TrySetResult();
                }

                if (block.FirstLine == 1)
                {
                    await first.Task;
                    Assert.That(Volatile.Read(ref started), Is.LessThanOrEqualTo(8));
                }

                return block.FirstLine;
            },
            _ => ValueTask.CompletedTask,
            cancellationToken);

        Assert.DoesNotThrowAsync(() => run);
        Assert.That(started, Is.EqualTo(1000));
    }

    [Test]
    public void Run_Cancelled_Throws(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        Assert.CatchAsync<OperationCanceledException>(() => OrderedWork.RunAsync(
            Reader(1000),
            2,
            async (_, token) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return 0;
            },
            _ => ValueTask.CompletedTask,
            stop.Token));
    }

    private static LineBlockReader Reader(int lines) => new(new LineStream(lines));

    /// <summary>One line a read.</summary>
    private sealed class LineStream(int lines) : MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", lines))))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..2], cancellationToken);
    }
}
