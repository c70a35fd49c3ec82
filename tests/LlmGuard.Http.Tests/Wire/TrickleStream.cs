namespace LlmGuard.Http.Tests.Wire;

/// <summary>Gives a few bytes per read and may fail at the end, like a slow or broken connection.</summary>
internal sealed class TrickleStream(byte[] bytes, int perRead, Exception? failure = null) : Stream
{
    private int _position;

    public int BytesGiven => _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new InvalidOperationException();

    public override long Position { get => throw new InvalidOperationException(); set => throw new InvalidOperationException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var take = Math.Min(Math.Min(perRead, count), bytes.Length - _position);
        if (take == 0 && failure is not null)
        {
            throw failure;
        }

        Array.Copy(bytes, _position, buffer, offset, take);
        _position += take;
        return take;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException();

    public override void SetLength(long value) => throw new InvalidOperationException();

    public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException();
}
