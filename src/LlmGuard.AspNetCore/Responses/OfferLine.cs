using LlmGuard.Execution.Background;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>The write that is handed over, and those behind it that were begun before it was over. Used under its owner's lock.</summary>
/// <param name="budget">The room that copies need.</param>
internal sealed class OfferLine(HeldBytesBudget budget)
{
    private Queue<(byte[] Bytes, TaskCompletionSource Over)>? _behind;
    private TaskCompletionSource? _over;
    private ReadOnlyMemory<byte> _offered;
    private int _copied;

    /// <summary>Whether a write has begun and is not over.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Which write is handed over, counted from the first.</summary>
    public long Turn { get; private set; }

    /// <summary>Whether all of it has been taken.</summary>
    public bool IsTaken => _offered.IsEmpty;

    /// <summary>Begins a write. None is under way.</summary>
    public void Begin(ReadOnlyMemory<byte> bytes)
    {
        (IsBusy, _offered) = (true, bytes);
        Turn++;
    }

    /// <summary>Puts a copy of a write behind the others; null when there is no room for it.</summary>
    /// <returns>What completes when it is over.</returns>
    public Task? TryFollow(ReadOnlySpan<byte> bytes)
    {
        if (!budget.TryTake(bytes.Length))
        {
            return null;
        }

        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_behind ??= new Queue<(byte[], TaskCompletionSource)>()).Enqueue((bytes.ToArray(), over));
        return over.Task;
    }

    /// <summary>What completes when the write that is handed over is over.</summary>
    public Task Over() => (_over ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Takes as much as there is room for.</summary>
    public int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _offered.Length);
        _offered.Span[..count].CopyTo(buffer);
        _offered = _offered[count..];
        return count;
    }

    /// <summary>Makes what is left of this write independent of its writer's memory; false when there is no room for it.</summary>
    public bool TryCopy()
    {
        if (_copied > 0 || _offered.IsEmpty)
        {
            return true;
        }

        if (!budget.TryTake(_offered.Length))
        {
            _offered = default;
            return false;
        }

        _copied = _offered.Length;
        _offered = _offered.ToArray();
        return true;
    }

    /// <summary>This write is over; the next in line is now handed over.</summary>
    /// <returns>What its writer waits for, where it stood in line.</returns>
    public TaskCompletionSource? End()
    {
        var over = _over;
        if (_copied > 0)
        {
            budget.Return(_copied);
        }

        (IsBusy, _over, _offered, _copied) = (false, null, default, 0);
        if (_behind is not null && _behind.TryDequeue(out var next))
        {
            Begin(next.Bytes);
            (_over, _copied) = (next.Over, next.Bytes.Length);
        }

        return over;
    }
}
