using LlmGuard.Counters;
using LlmGuard.Counters.Memory;

namespace LlmGuard.Tests.Counters;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InMemoryCounterStoreTests : CounterStoreSuite
{
    private readonly ManualTime _time = new();

    public InMemoryCounterStoreTests() => Store = new InMemoryCounterStore(10_000, _time, new CounterMetrics(null));

    protected override ICounterStore Store { get; }

    protected override void Advance(TimeSpan by) => _time.Shift(by);

    protected override void Align(TimeSpan window) => _time.Shift(new TimeSpan(window.Ticks - (_time.GetUtcNow().UtcTicks % window.Ticks)));
}
