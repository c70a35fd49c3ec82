using System.Text;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Tests.Streams.Memory;

public sealed class ByteQueueTests
{
    [Test]
    public void Write_MoreThanThereIsRoomFor_KeepsWhatWasNotTaken()
    {
        var queue = new ByteQueue();
        var expected = new StringBuilder();
        var random = new Random(7);
        for (var i = 0; i < 400; i++)
        {
            var piece = new string((char)('a' + (i % 26)), random.Next(1, 900));
            queue.Write(Encoding.UTF8.GetBytes(piece));
            expected.Append(piece);
            var taken = queue.Take(random.Next(0, queue.Count + 1));
            Assert.That(Encoding.UTF8.GetString(taken.Span), Is.EqualTo(expected.ToString(0, taken.Length)));
            expected.Remove(0, taken.Length);
        }

        Assert.That(Encoding.UTF8.GetString(queue.Span), Is.EqualTo(expected.ToString()));
    }

    [Test]
    public void At_BytesThatAreKept_StayWhateverIsWritten()
    {
        var queue = new ByteQueue();
        var (all, random, kept) = (new StringBuilder(), new Random(11), 0L);
        for (var i = 0; i < 2000; i++)
        {
            var piece = new string((char)('a' + (i % 26)), random.Next(1, 400));
            queue.Write(Encoding.UTF8.GetBytes(piece));
            all.Append(piece);
            queue.Take(random.Next(0, queue.Count + 1));
            Assert.That(Encoding.UTF8.GetString(queue.At(kept, (int)(queue.Taken - kept)).Span),
                Is.EqualTo(all.ToString((int)kept, (int)(queue.Taken - kept))));
            Assert.That(Encoding.UTF8.GetString(queue.Span), Is.EqualTo(all.ToString((int)queue.Taken, all.Length - (int)queue.Taken)));
            kept = random.Next(4) == 0 ? queue.Taken : kept + random.Next(0, (int)(queue.Taken - kept) + 1);
            queue.Keep(kept);
        }
    }

    [Test]
    public void Release_BytesLeft_AreGoneAndOthersCanFollow()
    {
        var queue = new ByteQueue();
        queue.Write("secret"u8);
        var seen = queue.Take(3);
        queue.Release();
        Assert.That(queue.Count, Is.Zero);
        Assert.That(seen.ToArray(), Is.All.Zero, "memory that others get tells them nothing");
        queue.Write("more"u8);
        Assert.That(queue.Span.ToArray(), Is.EqualTo("more"u8.ToArray()));
    }
}
