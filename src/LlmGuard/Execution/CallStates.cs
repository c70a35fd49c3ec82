using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>The state slots of a call's entries. Thread-safe; a slot is in the hands of one evaluation at a time.</summary>
internal sealed class CallStates(ExecutionLog log, Lock gate)
{
    private Slot? _slots;
    private bool _isClosed;

    /// <summary>
    /// The entry's slot. When an abandoned evaluation still holds it, the entry starts over with an empty one: two evaluations never share state.
    /// </summary>
    public Slot Take(GuardrailEntry entry)
    {
        lock (gate)
        {
            for (var slot = _slots; slot is not null; slot = slot.Next)
            {
                if (!slot.IsTaken && (ReferenceEquals(slot.Entry, entry) || slot.Entry == entry))
                {
                    slot.IsTaken = true;
                    return slot;
                }
            }

            return _slots = new Slot(entry, _slots) { IsTaken = true };
        }
    }

    /// <summary>Gives a slot back; disposes its value when the call is over.</summary>
    public void Return(Slot slot)
    {
        lock (gate)
        {
            slot.IsTaken = false;
            if (!_isClosed)
            {
                return;
            }
        }

        Dispose(slot);
    }

    /// <summary>Disposes all values; those still in use when they come back.</summary>
    public void Close()
    {
        List<Slot>? idle = null;
        lock (gate)
        {
            _isClosed = true;
            for (var slot = _slots; slot is not null; slot = slot.Next)
            {
                if (slot is { IsTaken: false, State.Value: not null })
                {
                    (idle ??= []).Add(slot);
                }
            }
        }

        idle?.ForEach(Dispose);
    }

    private void Dispose(Slot slot)
    {
        var value = slot.State.Value;
        slot.State.Value = null;
        try
        {
            (value as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            // A plugin's object: its failure is reported and hurts nobody else.
            log.StateDisposalFailed(exception.GetType().FullName);
        }
    }

    internal sealed class Slot(GuardrailEntry entry, Slot? next)
    {
        public GuardrailEntry Entry => entry;

        public Slot? Next => next;

        public GuardrailCallState State { get; } = new();

        public bool IsTaken { get; set; }
    }
}
