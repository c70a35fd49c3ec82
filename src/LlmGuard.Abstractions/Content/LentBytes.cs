using System.Buffers;

namespace LlmGuard;

/// <summary>Bytes of a pool behind memory that throws once they have gone back. Never used twice.</summary>
internal sealed class LentBytes : MemoryManager<byte>, IReleasable
{
    private byte[]? _bytes;
    private int _written;

    /// <summary>Takes bytes from the pool.</summary>
    public LentBytes(int count) => _bytes = ArrayPool<byte>.Shared.Rent(count);

    /// <summary>Takes over an array of the pool that has been written to.</summary>
    public LentBytes(byte[] rented, int written) => (_bytes, _written) = (rented, written);

    public IReleasable? Next { get; set; }

    public int Length => Bytes.Length;

    private byte[] Bytes =>
        Volatile.Read(ref _bytes) ?? throw new ObjectDisposedException(nameof(GuardrailContent), "The call has ended, and its content with it.");

    /// <summary>
    /// Room to write to, up to an end. What is written up to there is cleared before the bytes go back; what lies behind must not be written to.
    /// </summary>
    public Span<byte> Room(int start, int length)
    {
        _written = Math.Max(_written, start + length);
        return Bytes.AsSpan(start, length);
    }

    public override Span<byte> GetSpan() => Bytes;

    public override MemoryHandle Pin(int elementIndex = 0) => new Memory<byte>(Bytes)[elementIndex..].Pin();

    public override void Unpin()
    {
    }

    public void Release()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            bytes.AsSpan(0, _written).Clear();
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    protected override void Dispose(bool disposing) => Release();
}
