using System.IO.Pipelines;
using System.Text;
using LlmGuard.AspNetCore.Responses;
using LlmGuard.Execution.Background;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>What is written on one side is read on the other, in order, and nothing is kept in between.</summary>
[CancelAfter(60_000)]
public sealed class HandoverStreamTests
{
    [Test]
    public async Task Offer_ReaderThatWaits_IsOverWhenItComesBackForMore()
    {
        await using var stream = new HandoverStream(Room(), default);
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
        await using var stream = new HandoverStream(Room(), default);
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
        await using var stream = new HandoverStream(Room(), default);
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
    public async Task Offer_NobodyAwaitsIt_KeepsTheOrderWhateverItsWriterDoesWithItsMemory()
    {
        var room = Room();
        await using var stream = new HandoverStream(room, default);
        var offers = new List<Task> { stream.OfferAsync("first, "u8.ToArray()).AsTask() };
        var memory = new byte[8];
        for (var n = 0; n < 5; n++)
        {
            memory.AsSpan().Fill((byte)('0' + n));
            offers.Add(stream.OfferAsync(memory).AsTask());
        }

        memory.AsSpan().Clear();
        Assert.That(room.Held, Is.EqualTo(40));
        var text = new StringBuilder();
        var reading = ReadAllAsync(stream, 3, text);
        await Task.WhenAll(offers);
        stream.Complete();
        await reading;
        Assert.That(text.ToString(), Is.EqualTo("first, 0000000011111111222222223333333344444444"));
        Assert.That(room.Held, Is.Zero);
    }

    [Test]
    public async Task Offer_NobodyAwaitsItAndThereIsNoRoom_BreaksTheAnswerOffAfterWhatThereWasRoomFor()
    {
        var room = Room(10);
        await using var stream = new HandoverStream(room, default);
        var first = stream.OfferAsync("first, "u8.ToArray());
        var second = stream.OfferAsync("second"u8.ToArray());
        Assert.That(async () => await stream.OfferAsync("third"u8.ToArray()), Throws.InstanceOf<IOException>());
        var buffer = new byte[100];
        Assert.That(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)), Is.EqualTo("first, "));
        Assert.That(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)), Is.EqualTo("second"));
        Assert.That(async () => await stream.ReadAsync(buffer), Throws.InstanceOf<IOException>());
        await first;
        await second;
        Assert.That(room.Held, Is.Zero);
    }

    [Test]
    public async Task Offer_OnManyThreadsAtOnce_LosesAndTearsNothing([Values(1, 2, 3)] int seed)
    {
        var room = Room();
        await using var stream = new HandoverStream(room, default);
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var random = new Random((seed * 10) + writer);
            for (var n = 0; n < 500; n++)
            {
                var bytes = Enumerable.Repeat((byte)('a' + writer), random.Next(1, 40)).Append((byte)'\n').ToArray();
                var offer = stream.OfferAsync(bytes);
                if (random.Next(3) > 0)
                {
                    await offer;
                }
            }
        })).ToArray();
        var text = new StringBuilder();
        var reading = ReadAllAsync(stream, 7, text);
        await Task.WhenAll(writers);
        stream.Complete();
        await reading;
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2000));
        Assert.That(lines.All(static line => line.Distinct().Count() == 1), "a write is handed over in one piece");
    }

    [Test]
    public async Task LetGo_OfferThatWaits_IsReadAllTheSame()
    {
        var room = Room();
        await using var stream = new HandoverStream(room, default);
        var bytes = "still there"u8.ToArray();
        var offered = stream.OfferAsync(bytes);
        stream.LetGo();
        await offered;
        bytes.AsSpan().Clear();
        var next = stream.OfferAsync(", and more"u8.ToArray());
        var text = new StringBuilder();
        var reading = ReadAllAsync(stream, 100, text);
        await next;
        stream.Complete();
        await reading;
        Assert.That(text.ToString(), Is.EqualTo("still there, and more"));
        Assert.That(room.Held, Is.Zero);
    }

    [Test]
    public async Task AfterFlush_WriterThatWaits_GoesOnInTheSameThreadOnceTheReaderHasStopped()
    {
        await using var stream = new HandoverStream(Room(), default);
        var buffer = new byte[100];
        var (hasStopped, wentOn) = (false, 0);
        var offered = stream.OfferAsync("abc"u8.ToArray()).AsTask();
        var next = offered.ContinueWith(
            _ => wentOn = hasStopped ? Environment.CurrentManagedThreadId : -1,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        stream.AfterFlush(() =>
        {
            Assert.That(stream.ReadAsync(buffer).AsTask().Result, Is.EqualTo(3));
            _ = stream.ReadAsync(buffer).AsTask();
            Assert.That(wentOn, Is.Zero, "the reader is still under it");
            hasStopped = true;
        })();
        Assert.That(wentOn, Is.EqualTo(Environment.CurrentManagedThreadId));
        await next;
        stream.Complete();
    }

    [Test]
    public async Task AfterFlush_WriterThatBlocksItsThreadNowAndThen_HandsOverEveryByteInOrder([Values(1, 2, 3, 4)] int seed)
    {
        await using var stream = new HandoverStream(Room(), default);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 700, resumeWriterThreshold: 300, useSynchronizationContext: false));
        var random = new Random(seed);
        var sent = new byte[100_000];
        random.NextBytes(sent);
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
            {
                var count = Math.Min(sent.Length - at, random.Next(1, 1000));
                var offered = stream.OfferAsync(sent.AsMemory(at, count)).AsTask();
                if (random.Next(3) == 0)
                {
                    offered.Wait();
                }

                await offered;
                at += count;
            }

            stream.Complete();
        });
        var reading = Task.Run(async () =>
        {
            var buffer = new byte[512];
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                await new FlushTurn(pipe.Writer.WriteAsync(buffer.AsMemory(0, read)), stream);
            }

            await pipe.Writer.CompleteAsync();
        });
        var received = new MemoryStream();
        await pipe.Reader.CopyToAsync(received);
        await writing;
        await reading;
        Assert.That(received.ToArray(), Is.EqualTo(sent));
    }

    [Test]
    public async Task Dispose_WhileWritersStandInLine_LetsThemGo()
    {
        var room = Room();
        var stream = new HandoverStream(room, default);
        Task[] offers = [.. Enumerable.Range(0, 3).Select(_ => stream.OfferAsync("gone"u8.ToArray()).AsTask())];
        await stream.DisposeAsync();
        await Task.WhenAll(offers);
        Assert.That(room.Held, Is.Zero);
    }

    [Test]
    public async Task Dispose_WhileAWriterWaits_LetsItGo()
    {
        var stream = new HandoverStream(Room(), default);
        var offered = stream.OfferAsync("gone"u8.ToArray());
        await stream.DisposeAsync();
        await offered;
        Assert.That(stream.OfferAsync("later"u8.ToArray()).AsTask().IsCompletedSuccessfully);
    }

    [Test]
    public async Task Complete_WithFailure_IsWhatTheReaderGets([Values] bool isReading)
    {
        await using var stream = new HandoverStream(Room(), default);
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
        await using var stream = new HandoverStream(Room(), isAbort ? cancellation.Token : default);
        var read = stream.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
    }

    private static HeldBytesBudget Room(long most = 1 << 20) => new(most);

    private static async Task ReadAllAsync(HandoverStream stream, int size, StringBuilder text)
    {
        var buffer = new byte[size];
        for (int read; (read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }
}
