using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>The state slots of a call's entries. Thread-safe without a lock; a slot is in the hands of one evaluation at a time.</summary>
/// <remarks>Part of what the entries share rather than an object of its own: every call has one, and nearly none has a slot.</remarks>
internal abstract class CallStates : GuardrailCall.SharedFacts
{
    private ExecutionLog? _log;
    private Slot? _slots;
    private volatile bool _isClosed;

    /// <summary>Whether any entry has asked for its slot.</summary>
    protected bool HasSlots => Volatile.Read(ref _slots) is not null;

    /// <summary>
    /// The entry's slot. When an abandoned evaluation still holds it, the entry starts over with an empty one: two evaluations never share state.
    /// </summary>
    public sealed override GuardrailCallState TakeState(GuardrailEntry entry)
    {
        for (var slot = Volatile.Read(ref _slots); slot is not null; slot = slot.Next)
        {
            if ((ReferenceEquals(slot.Entry, entry) || slot.Entry == entry) && slot.TryTake())
            {
                return slot.State;
            }
        }

        // Slots are only ever added, and one that is added is in somebody's hands.
        var added = new Slot(entry);
        do
        {
            added.Next = Volatile.Read(ref _slots);
        }
        while (Interlocked.CompareExchange(ref _slots, added, added.Next) != added.Next);
        return added.State;
    }

    /// <summary>Gives back what an evaluation has taken, if it has; disposes its value when the call is over.</summary>
    public void Return(GuardrailCall evaluated)
    {
        if (evaluated.TakenState is not { } state)
        {
            return;
        }

        var slot = Volatile.Read(ref _slots);
        while (slot is not null && slot.State != state)
        {
            slot = slot.Next;
        }

        if (slot is null)
        {
            return;
        }

        slot.Free();
        if (_isClosed)
        {
            Dispose(slot);
        }
    }

    /// <summary>Begins with no slot.</summary>
    protected void Open(ExecutionLog log) => (_log, _slots, _isClosed) = (log, null, false);

    /// <summary>Disposes all values; those still in use when they come back.</summary>
    public void Close()
    {
        _isClosed = true;

        // What comes back from here on sees that the call is over; what came back before is free, and seen here.
        Interlocked.MemoryBarrier();
        for (var slot = Volatile.Read(ref _slots); slot is not null; slot = slot.Next)
        {
            Dispose(slot);
        }
    }

    /// <summary>Disposes the value of a slot, unless it is in somebody's hands, who then does.</summary>
    private void Dispose(Slot slot)
    {
        if (!slot.TryTake())
        {
            return;
        }

        var value = slot.State.Value;
        slot.State.Value = null;
        slot.Free();
        try
        {
            (value as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            // A plugin's object: its failure is reported and hurts nobody else.
            _log!.StateDisposalFailed(exception.GetType().FullName);
        }
    }

    private sealed class Slot(GuardrailEntry entry)
    {
        private int _isTaken = 1;

        public GuardrailEntry Entry => entry;

        public Slot? Next { get; set; }

        public GuardrailCallState State { get; } = new();

        public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

        public void Free() => Interlocked.Exchange(ref _isTaken, 0);
    }
}
