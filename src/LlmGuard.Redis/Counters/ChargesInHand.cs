using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Counters;

namespace LlmGuard.Redis.Counters;

/// <summary>What is known of a charge without asking the store.</summary>
internal enum HandProbe
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>How the limit stood a moment ago, but there is not enough in hand.</summary>
    TooLittle,

    /// <summary>There is enough in hand.</summary>
    Passes,

    /// <summary>As much was refused a moment ago.</summary>
    Refused,
}

/// <summary>What this process has charged in advance and not used yet, and which refusals it can repeat. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">Most limits and subjects to know of.</param>
internal sealed class ChargesInHand(TimeProvider time, int capacity)
{
    private readonly Dictionary<(CounterLimit Limit, string Subject), Hand> _hands = [];

    /// <summary>What can be said of a charge without asking, and how the limit stands then.</summary>
    public HandProbe Probe(in CounterCharge charge, out CounterState state)
    {
        state = default;
        if (!_hands.TryGetValue((charge.Limit, charge.Subject), out var hand) || time.GetElapsedTime(hand.Since) is var age && age >= hand.Life)
        {
            return HandProbe.Unknown;
        }

        var reset = hand.State.ResetAfter > age ? hand.State.ResetAfter - age : TimeSpan.Zero;
        if (hand.Left >= charge.Cost)
        {
            state = new CounterState(false, hand.State.Remaining - charge.Cost, reset, TimeSpan.Zero, hand.State.Receipt);
            return HandProbe.Passes;
        }

        state = new CounterState(hand.State.IsExceeded, hand.State.Remaining, reset, hand.State.IsExceeded
            ? hand.State.RetryAfter - age
            : TimeSpan.Zero);
        return !hand.State.IsExceeded ? HandProbe.TooLittle : charge.Cost >= hand.RefusedCost ? HandProbe.Refused : HandProbe.Unknown;
    }

    /// <summary>Uses, or with a negative amount gives back, what is in hand.</summary>
    public void Take(CounterLimit limit, string subject, long amount)
    {
        ref var hand = ref CollectionsMarshal.GetValueRefOrNullRef(_hands, (limit, subject));
        hand.Left -= amount;
        hand.State = hand.State with { Remaining = Math.Max(0, hand.State.Remaining - amount) };
    }

    /// <summary>Whether a correction can be made to what is in hand, since it was charged together with it; if so, makes it.</summary>
    public bool TrySettle(in CounterSettlement settlement)
    {
        var change = settlement.Actual - settlement.Charged;
        if (!_hands.TryGetValue((settlement.Limit, settlement.Subject), out var hand)
            || hand.State.IsExceeded
            || hand.State.Receipt != settlement.Receipt
            || hand.Left < change
            || time.GetElapsedTime(hand.Since) >= hand.Life)
        {
            return false;
        }

        Take(settlement.Limit, settlement.Subject, change);
        return true;
    }

    /// <summary>Keeps what the store said, in place of what was in hand; unless that is more.</summary>
    public void Put(in CounterCharge charge, in CounterState state, long advance, TimeSpan life)
    {
        var key = (charge.Limit, charge.Subject);
        if (_hands.TryGetValue(key, out var hand) && hand.Left > advance && time.GetElapsedTime(hand.Since) < hand.Life)
        {
            return;
        }

        if (_hands.Count >= capacity && !_hands.ContainsKey(key) && !MakeRoom())
        {
            return;
        }

        var lives = state.RetryAfter is { } retry && state.IsExceeded && retry < life ? retry : life;
        _hands[key] = new Hand { State = state, Left = advance, RefusedCost = charge.Cost, Since = time.GetTimestamp(), Life = lives };
    }

    /// <summary>What the store said of a charge made beside what is in hand, which is still left too.</summary>
    public CounterState Refresh(in CounterCharge charge, in CounterState state)
    {
        ref var hand = ref CollectionsMarshal.GetValueRefOrNullRef(_hands, (charge.Limit, charge.Subject));
        if (Unsafe.IsNullRef(ref hand) || time.GetElapsedTime(hand.Since) >= hand.Life)
        {
            return state;
        }

        var all = state with { Remaining = state.Remaining + hand.Left };
        hand.State = hand.State with { Remaining = all.Remaining };
        return all;
    }

    /// <summary>Forgets a limit, after which the store is asked again.</summary>
    public void Forget(CounterLimit limit, string subject) => _hands.Remove((limit, subject));

    private bool MakeRoom()
    {
        foreach (var (key, hand) in _hands)
        {
            if (time.GetElapsedTime(hand.Since) >= hand.Life)
            {
                _hands.Remove(key);
            }
        }

        return _hands.Count < capacity;
    }

    private struct Hand
    {
        public CounterState State;
        public long Left;
        public long RefusedCost;
        public long Since;
        public TimeSpan Life;
    }
}
