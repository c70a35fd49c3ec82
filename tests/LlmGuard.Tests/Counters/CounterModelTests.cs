using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;

namespace LlmGuard.Tests.Counters;

/// <summary>Any sequence of charges, settlements and steps of the clock against a reference that keeps a list of everything.</summary>
[TestFixture]
public sealed class CounterModelTests
{
    private const int Limit = 60;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    [TestCase(CounterAlgorithm.SlidingWindow)]
    [TestCase(CounterAlgorithm.FixedWindow)]
    [TestCase(CounterAlgorithm.Gcra)]
    public void Store_AnySequence_EqualsTheReference(CounterAlgorithm algorithm) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(53, 7),
        Prop.ForAll<int[]>(steps => Holds(algorithm, steps)));

    private static bool Holds(CounterAlgorithm algorithm, int[] steps)
    {
        var time = new ManualTime();
        using var metrics = new CounterMetrics(null);
        var store = new InMemoryCounterStore(100, time, metrics);
        var limit = new CounterLimit(new GuardrailEntry("gateway", "g", "e", "p"), "global", algorithm, Limit, Window);
        INaive naive = algorithm == CounterAlgorithm.Gcra ? new NaiveLevel() : new NaiveLog(algorithm == CounterAlgorithm.SlidingWindow ? 8 : 1);
        var open = new Queue<(CounterReceipt Receipt, int Cost, object Token)>();
        var states = new CounterState[1];
        foreach (var step in steps.Select(static s => Math.Abs((long)s)))
        {
            var amount = (int)(step / 3 % 45);
            switch (step % 3)
            {
                case 0:
                    time.Shift(TimeSpan.FromSeconds(amount / 2));
                    break;
                case 1:
                    var passed = store.ChargeAsync(new[] { new CounterCharge(limit, "a", amount) }, states).AsTask().GetAwaiter().GetResult();
                    var expected = naive.Charge(time.GetUtcNow(), amount, out var token);
                    if (passed != expected || states[0].Remaining != naive.Remaining(time.GetUtcNow()))
                    {
                        return false;
                    }

                    if (passed)
                    {
                        open.Enqueue((states[0].Receipt, amount, token));
                    }

                    break;
                default:
                    if (open.TryDequeue(out var charge))
                    {
                        store.SettleAsync(new[] { new CounterSettlement(limit, "a", charge.Receipt, charge.Cost, amount) }).AsTask().GetAwaiter()
                            .GetResult();
                        naive.Settle(time.GetUtcNow(), charge.Token, charge.Cost, amount);
                    }

                    break;
            }
        }

        return true;
    }

    private interface INaive
    {
        bool Charge(DateTimeOffset now, int cost, out object token);

        void Settle(DateTimeOffset now, object token, int charged, int actual);

        long Remaining(DateTimeOffset now);
    }

    /// <summary>Every charge with its part of the window.</summary>
    private sealed class NaiveLog(int parts) : INaive
    {
        private readonly List<Item> _items = [];

        public bool Charge(DateTimeOffset now, int cost, out object token)
        {
            token = new Item(Part(now), cost);
            if (Used(now) + cost > Limit)
            {
                return false;
            }

            _items.Add((Item)token);
            return true;
        }

        public void Settle(DateTimeOffset now, object token, int charged, int actual)
        {
            if (actual > charged)
            {
                _items.Add(new Item(Part(now), actual - charged));
            }
            else
            {
                ((Item)token).Amount -= charged - actual;
            }
        }

        public long Remaining(DateTimeOffset now) => Math.Max(0, Limit - Used(now));

        private long Part(DateTimeOffset at) => at.UtcTicks / (Window.Ticks / parts);

        private long Used(DateTimeOffset now) => _items.Where(i => i.Part >= Part(now) - (parts == 1 ? 0 : parts)).Sum(static i => i.Amount);

        private sealed class Item(long part, long amount)
        {
            public long Part => part;

            public long Amount { get; set; } = amount;
        }
    }

    /// <summary>A level in whole units, since the clock moves by whole seconds and the limit is one a second.</summary>
    private sealed class NaiveLevel : INaive
    {
        private long _level;
        private DateTimeOffset _at;

        public bool Charge(DateTimeOffset now, int cost, out object token)
        {
            Fall(now);
            token = now;
            if (_level + cost > Limit)
            {
                return false;
            }

            _level += cost;
            return true;
        }

        public void Settle(DateTimeOffset now, object token, int charged, int actual)
        {
            Fall(now);
            var fallen = (long)(now - (DateTimeOffset)token).TotalSeconds;
            _level = Math.Max(0, _level + (actual >= charged ? actual - charged : Math.Min(0, actual - charged + fallen)));
        }

        public long Remaining(DateTimeOffset now)
        {
            Fall(now);
            return Math.Max(0, Limit - _level);
        }

        private void Fall(DateTimeOffset now)
        {
            _level = Math.Max(0, _level - (_at == default ? 0 : (long)(now - _at).TotalSeconds));
            _at = now;
        }
    }
}
