using LlmGuard.Execution;

namespace LlmGuard.Tests.Execution;

/// <summary>Times are kept in fewer bytes than they have; they come out as they were.</summary>
public sealed class PassedTimesTests
{
    private static readonly long[] Ticks = [0, 1, 1234, uint.MaxValue, uint.MaxValue + 1L, TimeSpan.TicksPerDay, -1, long.MaxValue];

    [Test]
    public void Indexer_AnyTimes_AreAsTheyWereSet([Range(1, 6)] int entries)
    {
        var random = new Random(entries);
        for (var round = 0; round < 200; round++)
        {
            var expected = Enumerable.Range(0, entries).Select(_ => new TimeSpan(Ticks[random.Next(random.Next(1, Ticks.Length + 1))])).ToArray();
            var times = new PassedTimes(entries);
            for (var i = 0; i < entries; i++)
            {
                times[i] = expected[i];
            }

            Assert.That(Enumerable.Range(0, entries).Select(i => times[i]), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Set_Copy_LeavesTheFirstAsItIs()
    {
        var times = new PassedTimes(2) { [0] = new TimeSpan(5) };
        var copy = times;

        copy[0] = TimeSpan.FromDays(1);

        Assert.That((times[0], copy[0]), Is.EqualTo((new TimeSpan(5), TimeSpan.FromDays(1))));
    }
}
