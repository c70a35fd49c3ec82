namespace LlmGuard;

/// <summary>
/// What the content of one message lives in and what goes back to pools when the call has ended: its texts, its segments, and what readers need to
/// find their way back. Filled by one thread, released once. Everything that held content is cleared before it goes back.
/// </summary>
/// <remarks>
/// This object, the content and the memory that its texts are seen through are made anew for every message and never used again, so that a segment
/// or a text that somebody kept says that it is gone; it never shows what another call has put into the same memory.
/// </remarks>
internal sealed class ContentMemory : IDisposable
{
    private IReleasable? _first;
    private volatile bool _isReleased;

    /// <summary>Hands over what is released together with the rest.</summary>
    public void Add(IReleasable part)
    {
        part.Next = _first;
        _first = part;
    }

    /// <summary>Lends bytes, whose reader is told when they are gone.</summary>
    public LentBytes Lend(int count)
    {
        var lent = new LentBytes(count);
        Add(lent);
        return lent;
    }

    public void ThrowIfReleased()
    {
        if (_isReleased)
        {
            throw new ObjectDisposedException(nameof(GuardrailContent), "The call has ended, and its content with it.");
        }
    }

    public void Dispose()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = true;
        for (var part = _first; part is not null;)
        {
            // Released, it may be in another list at once.
            var next = part.Next;
            part.Release();
            part = next;
        }

        _first = null;
    }
}

/// <summary>Something of a <see cref="ContentMemory"/> that goes back to a pool. In a list, which needs no memory of its own.</summary>
internal interface IReleasable
{
    IReleasable? Next { get; set; }

    void Release();
}
