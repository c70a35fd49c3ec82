using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>What is told of four times 64 bytes at once is what is told of each.</summary>
public sealed class WordsLawTests
{
    [Test]
    public void All_FourAtOnce_TellTheSameAsOfEach()
    {
        var random = new Random(11);
        var openings = EntityCatalog.Find("vehicle_vin")!.Openings.Concat(EntityCatalog.Find("api_key")!.Openings);
        var signs = new RowSigns([.. openings.Select(static opening => (new OpeningSets(opening), ulong.MaxValue << 40))]);
        for (var round = 0; round < 2000; round++)
        {
            var (kind, others, capitals, joined, behind) = (Any(random), Any(random), Any(random), Any(random), Any(random));
            AssertSame(Words.Soon(kind), i => Words.Soon(kind[i]));
            AssertSame(Words.SoonBehind(others, kind), i => Words.SoonBehind(others[i], kind[i]));
            AssertSame(Words.Four(kind), i => Words.Four(kind[i]));
            AssertSame(Words.Eight(kind), i => Words.Eight(kind[i]));
            AssertSame(signs.Begin(kind, others, capitals, joined, behind), i => signs.Begin(kind[i], others[i], capitals[i], joined[i], behind[i]));
        }
    }

    // Rows of bits now and then, as text has them.
    private static Vector256<ulong> Any(Random random) => Vector256.Create(
        Bits(random), Bits(random), Bits(random) | Bits(random), Bits(random) & Bits(random));

    private static ulong Bits(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static IEnumerable<int> Lanes => Enumerable.Range(0, Vector256<ulong>.Count);

    private static void AssertSame(Vector256<ulong> all, Func<int, ulong> one) =>
        Assert.That(Lanes.Select(i => all[i]), Is.EqualTo(Lanes.Select(one)));
}
