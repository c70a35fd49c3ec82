using System.IO.Compression;
using System.Security.Cryptography;
using LlmGuard.Http.Streams;

namespace LlmGuard.Tool.Rows;

/// <summary>
/// Decompresses gzip of any number of members, and fails when it is cut off, which <see cref="GZipStream"/> takes for its end: a member of random
/// bytes is appended to the input, and only if they come out at the end was everything before them whole.
/// </summary>
internal sealed class WholeGzipStream : ReadOnlyStream
{
    private const int MarkLength = 16;

    private readonly byte[] _mark = RandomNumberGenerator.GetBytes(MarkLength);
    private readonly byte[] _window = new byte[(64 * 1024) + MarkLength];
    private readonly GZipStream _inflated;
    private int _start;
    private int _end;

    public WholeGzipStream(Stream packed) =>
        _inflated = new GZipStream(new JoinedStream(packed, new MemoryStream(Pack(_mark))), CompressionMode.Decompress);

    /// <summary>Bytes that cannot be the mark.</summary>
    private int Ready => Math.Max(0, _end - _start - MarkLength);

    /// <exception cref="InvalidDataException">The input is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (Ready == 0 && buffer.Length > 0)
        {
            var read = _inflated.Read(Room().Span);
            if (IsEnd(read))
            {
                return 0;
            }
        }

        return Take(buffer);
    }

    /// <exception cref="InvalidDataException">The input is damaged or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Ready == 0 && buffer.Length > 0)
        {
            var read = await _inflated.ReadAsync(Room(), cancellationToken).ConfigureAwait(false);
            if (IsEnd(read))
            {
                return 0;
            }
        }

        return Take(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflated.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] mark)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(mark);
        }

        return packed.ToArray();
    }

    /// <summary>Moves what is held back to the front, and gives the room behind it.</summary>
    private Memory<byte> Room()
    {
        _window.AsSpan(_start, _end - _start).CopyTo(_window);
        (_start, _end) = (0, _end - _start);
        return _window.AsMemory(_end);
    }

    private bool IsEnd(int read)
    {
        _end += read;
        return read == 0
            && (_window.AsSpan(_start, _end - _start).SequenceEqual(_mark)
                ? true
                : throw new InvalidDataException("The gzip data ends before its end."));
    }

    private int Take(Span<byte> buffer)
    {
        var length = Math.Min(Ready, buffer.Length);
        _window.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }
}
