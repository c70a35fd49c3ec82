using System.Buffers.Binary;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>Cuts a stream of AWS's binary messages, whose checksums must be right.</summary>
internal sealed class AmazonFraming : IStreamFraming
{
    public ByteQueue Bytes { get; } = new();

    public string? Failure { get; private set; }

    // Not before all of the first message has come, as far as its length is true.
    public ReadOnlySpan<byte> Untouched => Failure is null
        && BinaryPrimitives.TryReadUInt32BigEndian(Bytes.Span, out var length) && length <= Bytes.Count ? Bytes.Span : default;

    public bool IsBetween => Bytes.Count == 0 && Failure is null;

    public void Append(ReadOnlySpan<byte> bytes) => Bytes.Write(bytes);

    public void Release() => Bytes.Release();

    public void Take(int length) => Bytes.Take(length);

    public bool IsNothing(ReadOnlySpan<byte> rest) => rest.IsEmpty;

    public bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (Failure is not null || Bytes.Count == 0)
        {
            return false;
        }

        var status = AmazonEventFrame.TryRead(Bytes.Span, AmazonEventFrame.MaxLength, out var message);
        if (status == AmazonEventStatus.Complete)
        {
            frame = Bytes.Take(message.Length);
            return true;
        }

        // A message that is cut at the end was never there for a client either, but nobody has read what it says.
        Failure = status == AmazonEventStatus.TooLarge ? FailureReasons.LimitExceeded
            : status == AmazonEventStatus.Malformed || isEnd ? FailureReasons.Undecodable
            : null;
        return false;
    }
}
