using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Cuts a stream of AWS's binary messages, whose checksums must be right.</summary>
internal sealed class AmazonFraming : IStreamFraming
{
    private byte[] _bytes = [];
    private int _first;
    private int _end;

    public int Pending => _end - _first;

    public string? Failure { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length)
        {
            // Moving the rest to the front pays once at least as much has gone from there.
            var target = _first >= Pending && Pending + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(8192, 2 * (Pending + bytes.Length))];
            _bytes.AsSpan(_first, Pending).CopyTo(target);
            _bytes = target;
            _end -= _first;
            _first = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (Failure is not null || Pending == 0)
        {
            return false;
        }

        var status = AmazonEventFrame.TryRead(_bytes.AsSpan(_first, Pending), AmazonEventFrame.MaxLength, out var message);
        if (status == AmazonEventStatus.Complete)
        {
            frame = _bytes.AsMemory(_first, message.Length);
            _first += message.Length;
            return true;
        }

        // A message that is cut at the end was never there for a client either, but nobody has read what it says.
        Failure = status == AmazonEventStatus.TooLarge ? FailureReasons.LimitExceeded
            : status == AmazonEventStatus.Malformed || isEnd ? FailureReasons.Undecodable
            : null;
        return false;
    }
}
