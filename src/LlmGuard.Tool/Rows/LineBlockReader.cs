using System.Buffers;

namespace LlmGuard.Tool.Rows;

/// <summary>
/// Cuts a stream into blocks of whole lines: what one read brings, so that a peer who writes a line and waits gets its answer, and a large file
/// comes in large blocks. Holds one block and at most one line that has no end yet.
/// </summary>
internal sealed class LineBlockReader(Stream stream, int maxLineBytes = LineBlockReader.MaxLineBytes)
{
    /// <summary>The longest line that is read.</summary>
    public const int MaxLineBytes = 64 * 1024 * 1024;

    private const int ReadSize = 128 * 1024;

    private byte[] _pending = [];
    private int _length;
    private int _searched;
    private bool _isBegun;
    private long _nextLine = 1;
    private bool _isSkipping;
    private bool _isEnded;

    /// <summary>The next block, or null at the end.</summary>
    public async ValueTask<LineBlock?> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_isEnded)
        {
            Reserve();
            // A console or a pipe reads until something comes, whatever is cancelled. What is given up so is never used again, nor goes to the pool.
            // Of a line that has no end yet no more is read than one may have, and its end.
            var room = Math.Min(_pending.Length - _length, maxLineBytes + 1 - _length);
            var reading = stream.ReadAsync(_pending.AsMemory(_length, room), cancellationToken).AsTask();
            var read = await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            _isEnded = read == 0;
            _length += read;
            SkipByteOrderMark();
            if (_isSkipping && !TrySkip())
            {
                continue;
            }

            // What was read before holds no line's end.
            var start = Math.Min(_searched, _length);
            var last = _pending.AsSpan(start, _length - start).LastIndexOf((byte)'\n');
            _searched = _length;
            if (_isEnded ? _length > 0 : last >= 0)
            {
                return Cut(_isEnded ? _length : start + last + 1);
            }

            if (_length > maxLineBytes)
            {
                (_isSkipping, _length, _searched) = (true, 0, 0);
                return new LineBlock(ArrayPool<byte>.Shared.Rent(1), 0, _nextLine++) { IsTooLong = true };
            }
        }

        Return();
        return null;
    }

    private void Reserve()
    {
        if (_pending.Length - _length >= ReadSize / 2)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(ReadSize, (_length * 2) + ReadSize));
        _pending.AsSpan(0, _length).CopyTo(larger);
        Return();
        _pending = larger;
    }

    private void Return()
    {
        if (_pending.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_pending, clearArray: true);
            _pending = [];
        }
    }

    private LineBlock Cut(int length)
    {
        var block = new LineBlock(_pending, length, _nextLine);
        _nextLine += _pending.AsSpan(0, length).Count((byte)'\n');
        var rest = _length - length;
        var next = ArrayPool<byte>.Shared.Rent(Math.Max(ReadSize, rest * 2));
        _pending.AsSpan(length, rest).CopyTo(next);
        (_pending, _length, _searched) = (next, rest, rest);
        return block;
    }

    /// <summary>Passes over the rest of a line that is too long; false when there is more of it.</summary>
    private bool TrySkip()
    {
        var end = _pending.AsSpan(0, _length).IndexOf((byte)'\n');
        var rest = end < 0 ? [] : _pending.AsSpan(end + 1, _length - end - 1);
        rest.CopyTo(_pending);
        (_length, _searched, _isSkipping) = (rest.Length, 0, end < 0);
        return !_isSkipping;
    }

    private void SkipByteOrderMark()
    {
        if (!_isBegun && _length >= 3)
        {
            _isBegun = true;
            if (_pending.AsSpan(0, 3).SequenceEqual((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            {
                _pending.AsSpan(3, _length - 3).CopyTo(_pending);
                _length -= 3;
            }
        }
    }
}
