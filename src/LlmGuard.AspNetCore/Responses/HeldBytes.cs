using LlmGuard.Execution.Background;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// Bytes of one answer, within a limit of their own and the room of the process. Its memory is never pooled: judges may outlive it.
/// </summary>
internal sealed class HeldBytes(HeldBytesBudget budget, long limit) : IDisposable
{
    private const int FirstCapacity = 4096;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Whether something did not fit; then nothing is kept any more.</summary>
    public bool IsOverflown => OverflowStatus != 0;

    /// <summary>Status of the refusal when it did not fit: 502 for the limit, 503 when the process is out of room.</summary>
    public int OverflowStatus { get; private set; }

    public int Length => _length;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Keeps a copy; false when it does not fit.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (IsOverflown || !TryReserve((long)_length + bytes.Length))
        {
            return false;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    public void Dispose()
    {
        budget.Return(_bytes.Length);
        _bytes = [];
        _length = 0;
    }

    private bool TryReserve(long needed)
    {
        if (needed <= _bytes.Length)
        {
            return true;
        }

        var bound = Math.Min(limit, Array.MaxLength);
        if (needed > bound)
        {
            return Overflow(502);
        }

        var capacity = (int)Math.Min(bound, Math.Max(needed, Math.Max(FirstCapacity, 2L * _bytes.Length)));
        if (!budget.TryTake(capacity - _bytes.Length))
        {
            return Overflow(503);
        }

        Array.Resize(ref _bytes, capacity);
        return true;
    }

    private bool Overflow(int status)
    {
        Dispose();
        OverflowStatus = status;
        return false;
    }
}
