namespace LlmGuard.Scanning.Tests;

[TestFixture]
public sealed class SparesTests
{
    [Test]
    public void TryTake_MoreGivenThanThereIsRoomFor_ReturnsEachOfThoseKeptOnce()
    {
        var spares = new Spares<object>();
        var given = Enumerable.Range(0, 200).Select(_ => new object()).ToArray();
        Array.ForEach(given, spares.Give);

        Assert.That(spares.Count, Is.EqualTo(Spares<object>.Capacity));
        var taken = Enumerable.Range(0, 200).Select(_ => spares.TryTake()).OfType<object>().ToArray();
        Assert.That(taken, Is.Unique.And.SubsetOf(given).And.Length.EqualTo(Spares<object>.Capacity));
    }

    [Test]
    public void Rent_AsManyAtOnceAsProcessors_MakesNoneASecondTime()
    {
        var plan = new ScanPlan([]);
        var first = Rented();
        Array.ForEach(first, plan.Return);

        Assert.That(Rented(), Is.EquivalentTo(first));

        ScanSession[] Rented() => [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => plan.Rent())];
    }

    [Test]
    public void Return_SessionThatHasReadALongText_LetsItGo()
    {
        var plan = new ScanPlan([]);
        var session = plan.Rent();
        session.Scan(Enumerable.Repeat((byte)'a', (1 << 20) + 1).ToArray(), []);
        plan.Return(session);

        Assert.That(plan.Rent(), Is.Not.SameAs(session));
    }
}
