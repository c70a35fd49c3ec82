using LlmGuard.Execution.Background;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// Bytes of one answer, within a limit of their own and the room of the process. They go back to a pool when this is disposed, which is when the call
/// has ended and no judge reads them any more; whoever still has some sees then that they are gone.
/// </summary>
/// <remarks>Appended to by one at a time. Disposing may come in between: an application may write on when its request is over.</remarks>
internal sealed class HeldBytes(HeldBytesBudget budget, long limit) : IDisposable
{
    private const int FirstCapacity = 4096;

    // What is larger is rare, and a pool would keep it for ever.
    private const int LargestLent = 1024 * 1024;

    private readonly Lock _gate = new();
    private LentBytes? _lent;
    private byte[] _own = [];
    private int _length;

    // What was taken of the process's room, and may be written to: an array of a pool may be longer.
    private int _capacity;
    private bool _isDisposed;

    // Whether somebody may be reading what is held now.
    private bool _isShown;

    /// <summary>Whether something did not fit; then nothing is kept any more.</summary>
    public bool IsOverflown => OverflowStatus != 0;

    /// <summary>Status of the refusal when it did not fit: 502 for the limit, 503 when the process is out of room.</summary>
    public int OverflowStatus { get; private set; }

    public int Length => _length;

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            _isShown = true;
            return Held;
        }
    }

    private ReadOnlyMemory<byte> Held => _lent is { } lent ? lent.Memory[.._length] : _own.AsMemory(0, _length);

    /// <summary>Keeps a copy; false when it does not fit.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (IsOverflown || _isDisposed || !TryReserve((long)_length + bytes.Length))
            {
                return false;
            }

            bytes.CopyTo(_lent is { } lent ? lent.Room(_length, bytes.Length) : _own.AsSpan(_length));
            _length += bytes.Length;
            return true;
        }
    }

    /// <summary>Gives up the room before the call has ended. Nobody can say who still reads, so that the bytes go back to no pool.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            budget.Return(_capacity);
            (_lent, _own, _length, _capacity) = (null, [], 0, 0);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            var lent = _lent;
            Drop();
            _isDisposed = true;
            lent?.Release();
        }
    }

    private bool TryReserve(long needed)
    {
        if (needed <= _capacity)
        {
            return true;
        }

        var bound = Math.Min(limit, Array.MaxLength);
        if (needed > bound)
        {
            return Overflow(502);
        }

        var capacity = (int)Math.Min(bound, Math.Max(needed, Math.Max(FirstCapacity, 2L * _capacity)));
        if (!budget.TryTake(capacity - _capacity))
        {
            return Overflow(503);
        }

        Grow(capacity);
        _capacity = capacity;
        return true;
    }

    private void Grow(int capacity)
    {
        if (capacity > LargestLent)
        {
            var own = new byte[capacity];
            Held.Span.CopyTo(own);
            GiveBack();
            (_lent, _own) = (null, own);
            return;
        }

        var lent = new LentBytes(capacity);
        Held.Span.CopyTo(lent.Room(0, _length));
        GiveBack();
        _lent = lent;
    }

    // An application that writes on while a write of its own is pending must not have that send what another call has put into the same memory.
    private void GiveBack()
    {
        if (!_isShown)
        {
            _lent?.Release();
        }

        _isShown = false;
    }

    private bool Overflow(int status)
    {
        Drop();
        OverflowStatus = status;
        return false;
    }
}
