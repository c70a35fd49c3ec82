using LlmGuard.Http.Json;

namespace LlmGuard.Http.Tests.Json;

/// <summary>Origins are kept in fewer bytes than they have, page by page; they come out as they were.</summary>
public sealed class OriginListTests
{
    [Test]
    public void Indexer_AnyOrigins_AreAsTheyWereAdded([Values] bool isLent, [Values(0, 3, 1023, 1024, 1025, 2048, 5_000)] int count)
    {
        var random = new Random(count);
        var list = new OriginList(isLent);
        list.EnsureCapacity(random.Next(2_000));
        var expected = Enumerable.Range(0, count).Select(_ => new SegmentOrigin
        {
            Kind = (OriginKind)random.Next(3),
            Start = random.Next(),
            Length = random.Next(),
            HasEscapes = random.Next(2) == 0,
            IsMessage = random.Next(2) == 0,
            Nested = random.Next(-1, 2),
            Scope = random.Next(-1, 3),
            Choice = random.Next(-1, 2),
            Block = random.Next(-1, 2),
        }).ToList();

        expected.ForEach(origin => list.Add(origin));

        Assert.That(Enumerable.Range(0, list.Count).Select(i => list[i]), Is.EqualTo(expected));
        Assert.That(() => list[count], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
