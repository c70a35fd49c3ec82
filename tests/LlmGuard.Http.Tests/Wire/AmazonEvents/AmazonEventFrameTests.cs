using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Amazon.Runtime.EventStreams;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Tests.Wire.AmazonEvents;

/// <summary>The frames of AWS's binary event streams.</summary>
public sealed class AmazonEventFrameTests
{
    // From the encoding's published test suite: a message without anything, and one with a payload.
    private const string Empty = "000000100000000005c248eb7d98c8ff";
    private const string PayloadOnly = "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936";

    private static readonly int[] Chunks = [1, 2, 3, 7, 11, 12, 13, 64];

    [Test]
    public void TryRead_PublishedMessageWithoutAnything_IsRead()
    {
        var message = Convert.FromHexString(Empty);

        Assert.That(AmazonEventFrame.TryRead(message, 1024, out var frame), Is.EqualTo(AmazonEventStatus.Complete));
        Assert.That(frame, Is.EqualTo(new AmazonEventFrame(16, 0)));
        Assert.That(Written([], []), Is.EqualTo(message));
    }

    [Test]
    public void TryRead_PublishedMessageWithPayload_IsRead()
    {
        var message = Convert.FromHexString(PayloadOnly);

        Assert.That(AmazonEventFrame.TryRead(message, 1024, out var frame), Is.EqualTo(AmazonEventStatus.Complete));
        Assert.That(Encoding.ASCII.GetString(message.AsSpan(frame.Payload.Start, frame.Payload.Length)), Is.EqualTo("{'foo':'bar'}"));
    }

    [Test]
    public void Write_Event_HasTheHeadersOfTheServices()
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventWriter.WriteEvent(output, "contentBlockDelta", "{}"u8);

        Assert.That(AmazonEventFrame.TryRead(output.WrittenSpan, 1024, out var frame), Is.EqualTo(AmazonEventStatus.Complete));
        var headers = output.WrittenSpan.Slice(frame.Headers.Start, frame.Headers.Length);
        var found = new List<string>();
        foreach (var header in new AmazonEventHeaders(headers))
        {
            found.Add(Encoding.UTF8.GetString(header.Name) + "=" + Encoding.UTF8.GetString(header.Value) + (header.IsText ? "" : "!"));
        }

        Assert.That(found, Is.EqualTo(new[] { ":event-type=contentBlockDelta", ":content-type=application/json", ":message-type=event" }));
        Assert.That(Encoding.UTF8.GetString(AmazonEventHeaders.Text(headers, ":message-type"u8)), Is.EqualTo("event"));
        Assert.That(AmazonEventHeaders.Text(headers, ":exception-type"u8).IsEmpty, Is.True);
    }

    [Test]
    public void TryRead_AnyOtherByte_IsMalformed()
    {
        var message = Message("hello");
        for (var i = 0; i < message.Length; i++)
        {
            var broken = message.ToArray();
            broken[i] ^= 0x10;
            Assert.That(AmazonEventFrame.TryRead(broken, 1024, out _), Is.EqualTo(AmazonEventStatus.Malformed), $"byte {i}");
        }
    }

    [Test]
    public void TryRead_AnyPrefix_WaitsForTheRest()
    {
        var message = Message("hello");
        for (var length = 0; length < message.Length; length++)
        {
            Assert.That(
                AmazonEventFrame.TryRead(message.AsSpan(0, length), 1024, out _), Is.EqualTo(AmazonEventStatus.Incomplete), $"length {length}");
        }

        Assert.That(AmazonEventFrame.TryRead([.. message, 1, 2, 3], 1024, out var frame), Is.EqualTo(AmazonEventStatus.Complete));
        Assert.That(frame.Length, Is.EqualTo(message.Length));
    }

    [Test]
    public void TryRead_LongerThanAllowed_IsSaidBeforeItIsThere()
    {
        Assert.That(AmazonEventFrame.TryRead(Message("hello").AsSpan(0, 12), 20, out _), Is.EqualTo(AmazonEventStatus.TooLarge));
        Assert.That(AmazonEventFrame.TryRead(Prelude(int.MaxValue, 0), int.MaxValue, out _), Is.EqualTo(AmazonEventStatus.TooLarge));
        Assert.That(AmazonEventFrame.TryRead(Prelude(1_000_000, AmazonEventFrame.MaxHeaders + 1), int.MaxValue, out _),
            Is.EqualTo(AmazonEventStatus.TooLarge));
    }

    [TestCase(15, 0)]
    [TestCase(0, 0)]
    [TestCase(20, 5)]
    public void TryRead_LengthsThatCannotBe_AreMalformed(int length, int headers) =>
        Assert.That(AmazonEventFrame.TryRead(Prelude(length, headers), 1024, out _), Is.EqualTo(AmazonEventStatus.Malformed));

    [TestCase("00", Description = "a name without letters")]
    [TestCase("0161", Description = "no type")]
    [TestCase("01610a", Description = "a type that is none")]
    [TestCase("016107", Description = "no length")]
    [TestCase("0161070005ff", Description = "a text longer than the headers")]
    [TestCase("01610400", Description = "a number that is cut")]
    [TestCase("ff61", Description = "a name longer than the headers")]
    [TestCase("0161000161 01", Description = "the same name twice")]
    [TestCase("01ff00", Description = "a name that is not UTF-8")]
    [TestCase("0161070001ff", Description = "a text that is not UTF-8")]
    public void TryRead_HeadersThatCannotBeRead_AreMalformed(string hex)
    {
        var message = Written(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), "{}"u8);

        Assert.That(AmazonEventFrame.TryRead(message, 1024, out _), Is.EqualTo(AmazonEventStatus.Malformed));
        Assert.That(AmazonEventFrame.TryRead(Cut(message, 5), 1024, out _), Is.EqualTo(AmazonEventStatus.Malformed));
    }

    [Test]
    public void TryRead_HeadersOfEveryType_AreRead()
    {
        byte[] headers =
        [
            1, (byte)'a', 0, 1, (byte)'b', 1, 1, (byte)'c', 2, 9, 1, (byte)'d', 3, 0, 1, 1, (byte)'e', 4, 0, 0, 0, 1, 1, (byte)'f', 5, .. new byte[8],
            1, (byte)'g', 6, 0, 2, 1, 2, 1, (byte)'h', 7, 0, 1, (byte)'x', 1, (byte)'i', 8, .. new byte[8], 1, (byte)'j', 9, .. new byte[16],
        ];

        Assert.That(AmazonEventFrame.TryRead(Written(headers, []), 1024, out var frame), Is.EqualTo(AmazonEventStatus.Complete));
        Assert.That(frame.HeadersLength, Is.EqualTo(headers.Length));
        Assert.That(Encoding.UTF8.GetString(AmazonEventHeaders.Text(headers, "h"u8)), Is.EqualTo("x"));
        Assert.That(AmazonEventHeaders.Text(headers, "g"u8).IsEmpty, Is.True, "bytes are no text");
    }

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void TryRead_ManyHeaders_HaveABound(int count, bool isRead)
    {
        var headers = Enumerable.Range(0, count).SelectMany(static i => new byte[] { 2, (byte)'h', (byte)(i + 32), 0 }).ToArray();

        Assert.That(AmazonEventFrame.TryRead(Written(headers, []), 4096, out _),
            Is.EqualTo(isRead ? AmazonEventStatus.Complete : AmazonEventStatus.Malformed));
    }

    [TestCaseSource(nameof(Chunks))]
    public void TryRead_OverSegments_IsAsInOnePiece(int size)
    {
        var message = Message(new string('x', 200));

        Assert.That(AmazonEventFrame.TryRead(Cut(message, size), 1024, out var frame), Is.EqualTo(AmazonEventStatus.Complete));
        Assert.That(frame.Length, Is.EqualTo(message.Length));
        Assert.That(AmazonEventFrame.TryRead(Cut(message[..^1], size), 1024, out _), Is.EqualTo(AmazonEventStatus.Incomplete));
        message[^1] ^= 1;
        Assert.That(AmazonEventFrame.TryRead(Cut(message, size), 1024, out _), Is.EqualTo(AmazonEventStatus.Malformed));
    }

    /// <summary>Whatever is written the AWS SDK reads, and the other way round.</summary>
    [Test]
    public void Write_AnyPayload_IsReadByTheAwsSdkAndBack() => Prop.ForAll<byte[], NonNull<string>>(static (payload, text) =>
    {
        var value = new string([.. text.Get.Where(static c => c != 0 && !char.IsSurrogate(c)).Take(100)]);
        var message = Written(AmazonEventWriter.Headers((":message-type", "event"), (":event-type", value)), payload);
        var theirs = EventStreamMessage.FromBuffer(message, 0, message.Length);
        return theirs.Payload.AsSpan().SequenceEqual(payload)
            && theirs.Headers[":event-type"].AsString() == value
            && AmazonEventFrame.TryRead(theirs.ToByteArray(), AmazonEventFrame.MaxLength, out var frame) == AmazonEventStatus.Complete
            && theirs.ToByteArray().AsSpan(frame.Payload.Start, frame.Payload.Length).SequenceEqual(payload)
            && Encoding.UTF8.GetString(AmazonEventHeaders.Text(theirs.ToByteArray().AsSpan(frame.Headers.Start, frame.Headers.Length),
                ":event-type"u8)) == value;
    }).Check(Config.QuickThrowOnFailure.WithReplay(59, 3));

    /// <summary>Random bytes behind a right prelude never throw, and are never taken for a message.</summary>
    [Test]
    public void TryRead_RandomBytes_NeverThrows()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 20_000; round++)
        {
            var length = random.Next(16, 80);
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Prelude(length, random.Next(0, length)).CopyTo(bytes, 0);
            Assert.That(AmazonEventFrame.TryRead(bytes, 1024, out _), Is.EqualTo(AmazonEventStatus.Malformed));
            _ = AmazonEventHeaders.AreValid(bytes.AsSpan(12));
        }
    }

    internal static byte[] Message(string payload, string type = "chunk")
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventWriter.WriteEvent(output, type, Encoding.UTF8.GetBytes(payload));
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Written(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventWriter.Write(output, headers, payload);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Prelude(int length, int headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(prelude, length);
        BinaryPrimitives.WriteInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), LlmGuard.Http.Wire.Encodings.Crc32.Of(prelude.AsSpan(0, 8)));
        return prelude;
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        Piece? first = null;
        Piece? last = null;
        foreach (var chunk in bytes.Chunk(size))
        {
            last = new Piece(chunk, last);
            first ??= last;
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, Piece? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
