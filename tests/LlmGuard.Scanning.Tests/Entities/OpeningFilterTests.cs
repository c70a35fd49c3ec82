using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>No filter passes over an opening, whatever it is told by and wherever in a vector it stands.</summary>
[NonParallelizable]
public sealed class OpeningFilterTests
{
    private const string Filler = "the words of a sentence, 12 numbers (3.5) and x_y-z signs: \"quoted\" \u00E9t\u00E9 = ";

    private static readonly int Samples = FuzzBudget.Of(3);

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Fill_EveryOpeningOfEveryEntity_IsKeptByAllMeans([Values] bool areAllInOne)
    {
        var (random, seen) = (new Random(5), 0);
        var all = Table(EntityCatalog.Ids);
        foreach (var id in EntityCatalog.Ids)
        {
            var table = areAllInOne ? all : Table([id]);
            foreach (var opening in EntityCatalog.Find(id)!.Openings)
            {
                for (var sample = 0; sample < Samples; sample++)
                {
                    var text = Text(random, opening);
                    foreach (var level in Enum.GetValues<SimdLevel>())
                    {
                        Simd.Level = level;
                        seen += AssertKept(table, text, level);
                    }
                }
            }
        }

        Assert.That(seen, Is.GreaterThan(5000), "The openings are met.");
    }

    [Test]
    public void Fill_OrdinaryProse_LeavesLittle()
    {
        const string sentence = "People read what others write about the weather, and then they go home to eat. ";
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sentence, 100)));
        foreach (var level in new[] { SimdLevel.Bits128, SimdLevel.Bits256 })
        {
            Simd.Level = level;
            Assert.That(Kept(Table(EntityCatalog.Ids), text), Has.Count.LessThan(text.Length / 50), level.ToString());
        }
    }

    [TestCase("昨日の会議では、データの集計が終わり、ホームページが公開されました。天気がよければみんなで海へ行くつもりです。")]
    [TestCase("Модель читает каждое слово и пишет отчёт за квартал, а потом люди идут домой, чтобы поговорить о погоде. ")]
    [TestCase("Η ομάδα γράφει την αναφορά και ύστερα όλοι πηγαίνουν στο σπίτι τους. ")]
    public void Fill_ProseOfAnotherScript_LeavesLittle(string sentence)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sentence, 20)));
        foreach (var level in new[] { SimdLevel.Bits128, SimdLevel.Bits256, SimdLevel.Bits512 })
        {
            Simd.Level = level;
            Assert.That(Kept(Table(EntityCatalog.Ids), text), Has.Count.LessThan(text.Length / 20), level.ToString());
        }
    }

    private static int AssertKept(EntityTable table, byte[] text, SimdLevel level)
    {
        var (kept, steps, asked) = (Kept(table, text), 0L, 0);
        for (var at = 1; at <= text.Length - Opening.Length; at++)
        {
            if (table.AskedAt(text, isEnd: false, at, ref steps) != 0)
            {
                asked++;
                Assert.That(kept, Does.Contain(at), $"{level}: {at} of {Encoding.Latin1.GetString(text)}");
            }
        }

        return asked;
    }

    // As the stops of a text are found: vector by vector, and what is left after them; where there are no vectors, every offset.
    private static HashSet<int> Kept(EntityTable table, byte[] text)
    {
        var kept = new HashSet<int>();
        var perhaps = new ulong[3];
        var next = 1;
        while (true)
        {
            var begin = next;
            var count = table.Filter.Fill(text, ref next, perhaps, out var stride);
            count = count > 0 ? count : table.Filter.FillRest(text, ref next, perhaps, out stride);
            if (count == 0)
            {
                break;
            }

            for (var bit = 0; bit < count * 64; bit++)
            {
                if ((perhaps[bit / 64] >> (bit % 64) & 1) != 0)
                {
                    kept.Add(begin + (bit / 64 * stride) + (bit % 64));
                }
            }
        }

        kept.UnionWith(Enumerable.Range(next, Math.Max(0, text.Length - next)));
        return kept;
    }

    private static byte[] Text(Random random, Opening opening)
    {
        var (start, length) = (random.Next(Filler.Length), random.Next(150));
        var filler = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Filler, 4)));
        var before = Any(random, value => opening.Before(value));
        var bytes = Enumerable.Range(0, Opening.Length).Select(place => Any(random, value => opening.Takes(place, value)));
        return [.. filler.AsSpan(start, length), before, .. bytes, .. filler.AsSpan(random.Next(50), random.Next(120))];
    }

    // What people write, if it may stand there: letters and digits most of the time.
    private static byte Any(Random random, Func<int, bool> takes)
    {
        byte[] values = [.. Enumerable.Range(0, 256).Where(takes).Select(static value => (byte)value)];
        byte[] usual = [.. values.Where(static value => AsciiByte.IsAlphanumeric(value))];
        var from = usual.Length > 0 && random.Next(3) > 0 ? usual : values;
        return from.Length > 0 ? from[random.Next(from.Length)] : (byte)' ';
    }

    private static EntityTable Table(IReadOnlyList<string> ids) => new([.. ids.Select(static (id, number) => (EntityCatalog.Find(id)!, number))]);
}
