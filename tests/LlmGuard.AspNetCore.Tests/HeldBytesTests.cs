using LlmGuard.AspNetCore.Responses;
using LlmGuard.Execution.Background;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Answers are held in memory that other answers are held in later, and never see one another.</summary>
public sealed class HeldBytesTests
{
    private const int Limit = 4 << 20;

    // Below what is lent from a pool and above it, and across several growths.
    [TestCase(10)]
    [TestCase(4096)]
    [TestCase(300_000)]
    [TestCase(3_000_000)]
    public void TryAppend_PieceByPiece_HoldsAll(int length)
    {
        var budget = new HeldBytesBudget(1 << 24);
        var expected = new byte[length];
        new Random(length).NextBytes(expected);
        var held = new HeldBytes(budget, Limit);
        for (var at = 0; at < length; at += 1000)
        {
            Assert.That(held.TryAppend(expected.AsSpan(at, Math.Min(1000, length - at))));
        }

        Assert.That(held.Bytes.ToArray(), Is.EqualTo(expected));
        Assert.That(held.Length, Is.EqualTo(length));
        Assert.That(budget.Held, Is.InRange(length, Math.Max(4096, 2 * length)));

        held.Dispose();
        Assert.That((budget.Held, held.Length, held.Bytes.Length), Is.EqualTo((0L, 0, 0)));
    }

    [Test]
    public void Dispose_BytesKept_AreGoneAndNobodyElses()
    {
        var budget = new HeldBytesBudget(1 << 24);
        var first = new HeldBytes(budget, Limit);
        first.TryAppend("a secret"u8);
        var kept = first.Bytes;
        first.Dispose();
        var second = new HeldBytes(budget, Limit);
        second.TryAppend("another"u8);

        Assert.That(() => kept.Span[0], Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(second.Bytes.ToArray(), Is.EqualTo("another"u8.ToArray()));
    }

    [Test]
    public void Dispose_PutBackIntoThePool_HoldsNothing()
    {
        var budget = new HeldBytesBudget(1 << 24);
        var held = new HeldBytes(budget, Limit);
        held.TryAppend(Enumerable.Repeat((byte)7, 4096).ToArray());
        var seen = held.Bytes.Span;
        held.Dispose();

        Assert.That(seen.ContainsAnyExcept((byte)0), Is.False);
    }

    [Test]
    public void TryAppend_AfterTheCall_IsRefusedAndTakesNoRoom()
    {
        var budget = new HeldBytesBudget(1 << 24);
        var held = new HeldBytes(budget, Limit);
        held.TryAppend("before"u8);
        held.Dispose();

        Assert.That(held.TryAppend("after"u8), Is.False);
        Assert.That((budget.Held, held.Length), Is.EqualTo((0L, 0)));
    }

    [Test]
    public void Drop_BytesKept_StayAsTheyWere()
    {
        var budget = new HeldBytesBudget(1 << 24);
        var held = new HeldBytes(budget, Limit);
        held.TryAppend("being written"u8);
        var kept = held.Bytes;
        held.Drop();
        using var other = new HeldBytes(budget, Limit);
        other.TryAppend("something else"u8);

        Assert.That(kept.ToArray(), Is.EqualTo("being written"u8.ToArray()));
        Assert.That(held.TryAppend("on"u8));
        Assert.That(held.Bytes.ToArray(), Is.EqualTo("on"u8.ToArray()));
        held.Dispose();
    }

    // An application that does not wait for its writes: what one of them sends is held elsewhere by the time the next is taken.
    [Test]
    public void TryAppend_BytesShownBefore_StayAsTheyWere()
    {
        var budget = new HeldBytesBudget(1 << 24);
        using var held = new HeldBytes(budget, Limit);
        held.TryAppend("being written"u8);
        var kept = held.Bytes;
        held.TryAppend(new byte[100_000]);
        using var other = new HeldBytes(budget, Limit);
        other.TryAppend("something else"u8);

        Assert.That(kept.ToArray(), Is.EqualTo("being written"u8.ToArray()));
    }

    [TestCase(100, 1 << 24, 502)]
    [TestCase(Limit, 8192, 503)]
    public void TryAppend_NoRoom_KeepsNothing(int limit, int room, int status)
    {
        var budget = new HeldBytesBudget(room);
        var held = new HeldBytes(budget, limit);
        var isKept = true;
        for (var i = 0; i < 100; i++)
        {
            isKept &= held.TryAppend(new byte[99]);
        }

        Assert.That((isKept, held.IsOverflown, held.OverflowStatus), Is.EqualTo((false, true, status)));
        Assert.That((budget.Held, held.Length), Is.EqualTo((0L, 0)));
    }

    // An application that writes on when its request is over must not write into what is another's by now.
    [Test]
    public async Task Dispose_WhileSomebodyWrites_LeavesOthersAlone()
    {
        var budget = new HeldBytesBudget(1 << 28);
        byte[] late = [.. Enumerable.Repeat((byte)1, 1_000_000)], next = [.. Enumerable.Repeat((byte)2, 1_000_000)];
        var wrong = 0;
        for (var round = 0; round < 200; round++)
        {
            var held = new HeldBytes(budget, Limit);
            using var begun = new ManualResetEventSlim();
            var writing = Task.Run(() =>
            {
                begun.Set();
                held.TryAppend(late);
            });
            begun.Wait();
            Thread.SpinWait(Random.Shared.Next(2000));
            held.Dispose();
            using var other = new HeldBytes(budget, Limit);
            other.TryAppend(next);
            await writing;
            wrong += other.Bytes.Span.ContainsAnyExcept((byte)2) ? 1 : 0;
        }

        Assert.That(wrong, Is.Zero);
        Assert.That(budget.Held, Is.Zero);
    }
}
