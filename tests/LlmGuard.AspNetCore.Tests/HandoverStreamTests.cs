using System.Text;
using LlmGuard.AspNetCore.Responses;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>What is written on one side is read on the other, in order, and nothing is kept in between.</summary>
[CancelAfter(60_000)]
public sealed class HandoverStreamTests
{
    [Test]
    public async Task Offer_ReaderThatWaits_IsOverWhenItComesBackForMore()
    {
        await using var stream = new HandoverStream(default);
        var buffer = new byte[100];
        var read = stream.ReadAsync(buffer).AsTask();
        var offered = stream.OfferAsync("abc"u8.ToArray());
        Assert.That(await read, Is.EqualTo(3));
        Assert.That(offered.IsCompleted, Is.False, "what was read may still be in use");
        var next = stream.ReadAsync(buffer);
        await offered;
        stream.Complete();
        Assert.That(await next, Is.Zero);
        Assert.That(await stream.ReadAsync(buffer), Is.Zero);
    }

    [Test]
    public async Task Offer_ReaderThatTakesAllInItsOwnCall_IsOverAtOnce()
    {
        await using var stream = new HandoverStream(default);
        var text = new StringBuilder();
        var reading = ReadAllAsync(stream, 3, text);
        for (var n = 0; n < 50; n++)
        {
            Assert.That(stream.OfferAsync("some words. "u8.ToArray()).AsTask().IsCompletedSuccessfully);
        }

        stream.Complete();
        await reading;
        Assert.That(text.ToString(), Is.EqualTo(string.Concat(Enumerable.Repeat("some words. ", 50))));
    }

    [Test]
    public async Task Offer_OnAnotherThread_HandsOverEveryByteInOrder([Values(1, 2, 3)] int seed)
    {
        await using var stream = new HandoverStream(default);
        var random = new Random(seed);
        var sent = new byte[200_000];
        random.NextBytes(sent);
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
            {
                var count = Math.Min(sent.Length - at, random.Next(1, 3000));
                var piece = sent[at..(at + count)];
                await stream.OfferAsync(piece);
                piece.AsSpan().Clear();
                at += count;
            }

            stream.Complete();
        });
        var received = new MemoryStream();
        var buffer = new byte[1024];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            received.Write(buffer, 0, read);
            if (read % 7 == 0)
            {
                await Task.Yield();
            }
        }

        await writing;
        Assert.That(received.ToArray(), Is.EqualTo(sent));
    }

    [Test]
    public async Task Offer_NobodyAwaitsIt_KeepsTheOrderWithinABound()
    {
        await using var stream = new HandoverStream(default);
        var first = stream.OfferAsync("first, "u8.ToArray());
        Assert.That(stream.OfferAsync("second"u8.ToArray()).AsTask().IsCompletedSuccessfully);
        Assert.Throws<InvalidOperationException>(() => stream.OfferAsync(new byte[64 * 1024]).AsTask());
        var buffer = new byte[100];
        Assert.That(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)), Is.EqualTo("first, second"));
        var next = stream.ReadAsync(buffer);
        await first;
        stream.Complete();
        Assert.That(await next, Is.Zero);
    }

    [Test]
    public async Task Retract_OfferThatWaits_IsNeverRead()
    {
        await using var stream = new HandoverStream(default);
        var offered = stream.OfferAsync("gone"u8.ToArray());
        stream.Retract();
        await offered;
        stream.Complete();
        Assert.That(await stream.ReadAsync(new byte[100]), Is.Zero);
    }

    [Test]
    public async Task Dispose_WhileAWriterWaits_LetsItGo()
    {
        var stream = new HandoverStream(default);
        var offered = stream.OfferAsync("gone"u8.ToArray());
        await stream.DisposeAsync();
        await offered;
        Assert.That(stream.OfferAsync("later"u8.ToArray()).AsTask().IsCompletedSuccessfully);
    }

    [Test]
    public async Task Complete_WithFailure_IsWhatTheReaderGets([Values] bool isReading)
    {
        await using var stream = new HandoverStream(default);
        var failure = new InvalidTimeZoneException();
        var read = isReading ? stream.ReadAsync(new byte[1]).AsTask() : null;
        stream.Complete(failure);
        read ??= stream.ReadAsync(new byte[1]).AsTask();
        Assert.That(async () => await read, Throws.Exception.SameAs(failure));
    }

    [Test]
    public async Task ReadAsync_Cancelled_Throws([Values] bool isAbort)
    {
        using var cancellation = new CancellationTokenSource();
        await using var stream = new HandoverStream(isAbort ? cancellation.Token : default);
        var read = stream.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task ReadAllAsync(HandoverStream stream, int size, StringBuilder text)
    {
        var buffer = new byte[size];
        for (int read; (read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }
}
