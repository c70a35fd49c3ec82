using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>The state slots of a call's entries. Thread-safe; a slot is in the hands of one evaluation at a time.</summary>
internal sealed class CallStates(ExecutionLog log)
{
    private readonly Lock _gate = new();
    private List<Slot>? _slots;
    private bool _isClosed;

    /// <summary>
    /// The entry's slot. When an abandoned evaluation still holds it, the entry starts over with an empty one: two evaluations never share state.
    /// </summary>
    public Slot Take(GuardrailEntry entry)
    {
        lock (_gate)
        {
            foreach (var slot in _slots ??= [])
            {
                if (!slot.IsTaken && (ReferenceEquals(slot.Entry, entry) || slot.Entry == entry))
                {
                    slot.IsTaken = true;
                    return slot;
                }
            }

            var added = new Slot(entry) { IsTaken = true };
            _slots.Add(added);
            return added;
        }
    }

    /// <summary>Gives a slot back; disposes its value when the call is over.</summary>
    public void Return(Slot slot)
    {
        lock (_gate)
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
        List<Slot> idle = [];
        lock (_gate)
        {
            _isClosed = true;
            idle.AddRange((_slots ?? []).Where(s => !s.IsTaken));
        }

        idle.ForEach(Dispose);
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

    internal sealed class Slot(GuardrailEntry entry)
    {
        public GuardrailEntry Entry => entry;

        public GuardrailCallState State { get; } = new();

        public bool IsTaken { get; set; }
    }
}
