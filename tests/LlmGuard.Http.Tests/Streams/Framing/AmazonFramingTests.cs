using LlmGuard.Http.Tests.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>What the cutting of binary messages offers to those who compare them with others.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class AmazonFramingTests
{
    [Test]
    public void Untouched_ByteByByte_OffersEachMessageOnce()
    {
        var message = AmazonEventFrameTests.Message("{\"text\":\"" + new string('x', 20_000) + "\"}");
        var framing = new AmazonFraming();
        var offered = 0L;
        foreach (var next in (byte[])[.. message, .. message])
        {
            framing.Append([next]);
            offered += framing.Untouched.Length;
            if (framing.TryNext(isEnd: false, out var frame))
            {
                Assert.That(frame.ToArray(), Is.EqualTo(message));
            }
        }

        Assert.That(framing.Bytes.Count, Is.Zero);
        Assert.That(offered, Is.EqualTo(2 * message.Length), "what comes byte by byte is not looked at again with each");
    }

    [Test]
    public void Untouched_AfterWhatIsNoMessage_OffersNothing()
    {
        var message = AmazonEventFrameTests.Message("{}");
        message[9] ^= 1;
        var framing = new AmazonFraming();
        framing.Append(message);
        Assert.That(framing.TryNext(isEnd: false, out _), Is.False);
        Assert.That(framing.Failure, Is.EqualTo(FailureReasons.Undecodable));
        Assert.That(framing.Untouched.IsEmpty);
    }
}
