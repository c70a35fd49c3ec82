using LlmGuard.Remote.Transport;

namespace LlmGuard.Remote.Tests.Transport;

public sealed class RetryRulesTests
{
    private static readonly Attempt Transient = new() { IsTransient = true, Failure = new(FailureClass.Availability, FailureReasons.Throttled) };

    [TestCase(0, 0.0, 100)]
    [TestCase(0, 1.0, 300)]
    [TestCase(1, 0.5, 400)]
    [TestCase(2, 0.5, 800)]
    public void DelayAfter_NoRetryAfter_DoublesWithJitter(int number, double jitter, int expectedMs) =>
        Assert.That(Delay(Transient, number, TimeSpan.FromSeconds(10), jitter), Is.EqualTo(TimeSpan.FromMilliseconds(expectedMs)));

    [TestCase(1000, true)]
    [TestCase(999, false)]
    public void DelayAfter_NoRetryAfter_TakesAQuarterOfTheTimeLeftAtMost(int remainingMs, bool expected) =>
        Assert.That(Delay(Transient, 0, TimeSpan.FromMilliseconds(remainingMs), 0.75) is not null, Is.EqualTo(expected));

    [TestCase(2000, 4000, 2000)]
    [TestCase(2000, 3999, null)]
    [TestCase(0, 100, 0)]
    public void DelayAfter_RetryAfter_IsHonouredWhenHalfOfTheTimeLeftAllows(int askedMs, int remainingMs, int? expectedMs)
    {
        var attempt = Transient with { RetryAfter = TimeSpan.FromMilliseconds(askedMs) };

        Assert.That(Delay(attempt, 0, TimeSpan.FromMilliseconds(remainingMs), 0)?.TotalMilliseconds, Is.EqualTo(expectedMs));
    }

    [Test]
    public void DelayAfter_RetryAfterWithJitter_IsNeverSooner() =>
        Assert.That(
            Delay(Transient with { RetryAfter = TimeSpan.FromSeconds(1) }, 0, TimeSpan.FromSeconds(10), 1), Is.EqualTo(TimeSpan.FromSeconds(1.1)));

    [Test]
    public void DelayAfter_NotTransientOrNoMoreRetries_IsNull()
    {
        Assert.That(Delay(Transient with { IsTransient = false }, 0, TimeSpan.FromSeconds(10), 0), Is.Null);
        Assert.That(Delay(Transient, 3, TimeSpan.FromSeconds(10), 0), Is.Null);
        Assert.That(Delay(Transient, 2, TimeSpan.FromSeconds(100), 0), Is.Not.Null);
    }

    private static TimeSpan? Delay(Attempt attempt, int number, TimeSpan remaining, double jitter) =>
        RetryRules.DelayAfter(attempt, number, 3, remaining, jitter);
}
