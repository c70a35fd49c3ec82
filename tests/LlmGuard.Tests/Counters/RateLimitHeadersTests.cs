using LlmGuard.Counters;

namespace LlmGuard.Tests.Counters;

/// <summary>What callers are told of limits: whole seconds, never too few, and of several limits under one name the scarcest.</summary>
public sealed class RateLimitHeadersTests
{
    private static readonly GuardrailEntry Entry = new("gateway", "Gateway", "limits", "rate_limiter");

    [TestCase(0, "1")]
    [TestCase(1001, "2")]
    [TestCase(2000, "2")]
    public void Of_RetryAfter_IsRoundedUpAndAtLeastASecond(int milliseconds, string expected) =>
        Assert.That(RateLimitHeaders.Of([], [], TimeSpan.FromMilliseconds(milliseconds)).Single().Value, Is.EqualTo(expected));

    [Test]
    public void RetryAfter_SeveralExceeded_IsTheLongest() => Assert.That(
        RateLimitHeaders.RetryAfter([Exceeded(1), Exceeded(3), Exceeded(2)]), Is.EqualTo(TimeSpan.FromSeconds(3)));

    [Test]
    public void IsScarcest_Equals_IsTheFirstOnly()
    {
        CounterState[] states = [Left(1), Left(1)];
        Assert.That(Scarcest(states), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void IsScarcest_ExceededAndJustUsedUp_IsTheExceeded()
    {
        CounterState[] states = [Left(0), Exceeded(1)];
        Assert.That(Scarcest(states), Is.EqualTo(new[] { false, true }));
    }

    private static bool[] Scarcest(CounterState[] states)
    {
        var limit = new CounterLimit(Entry, "global", CounterAlgorithm.FixedWindow, 10, TimeSpan.FromMinutes(1));
        NamedCharge[] charges = [new("a", new CounterCharge(limit, "x")), new("a", new CounterCharge(limit, "y"))];
        return [.. Enumerable.Range(0, 2).Select(i => RateLimitHeaders.IsScarcest(charges, states, i, static (_, _) => true))];
    }

    private static CounterState Left(long remaining) => new(false, remaining, TimeSpan.Zero, TimeSpan.Zero);

    private static CounterState Exceeded(int seconds) => new(true, 0, TimeSpan.Zero, TimeSpan.FromSeconds(seconds));
}
