using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>The quick ways through a text stop exactly where looking at every byte does.</summary>
[NonParallelizable]
public sealed class EntityTableTests
{
    private static readonly string[] Pieces =
    [
        .. EntityCatalog.Ids.SelectMany(Samples.Of), "the words of a sentence ", "dbPassword=", "compass=", "xAKIA", "7token=", "\u00E9", "\u4FE1",
            "\u2010", " ", "::", "4", "12", "-", "@", "eyJ", "\n",
    ];

    private static readonly string[] Ids = [.. EntityCatalog.Ids];

    private static readonly Opening[][] Openings = [.. Ids.Select(static id => EntityCatalog.Find(id)!.Openings.ToArray())];

    private static readonly EntityTable All = Table(EntityCatalog.Ids);

    private static readonly EntityTable[] Single = [.. EntityCatalog.Ids.Select(id => Table([id]))];

    private static ulong AskedAt(EntityTable table, ReadOnlySpan<byte> text, bool isEnd, int at)
    {
        var steps = 0L;
        return table.AskedAt(text, isEnd, at, ref steps);
    }

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(17,3)")]
    public Property Stops_AnyText_AreWhereADetectorIsAsked() => Prop.ForAll(Arb.From(Texts), static text =>
    {
        foreach (var (table, isEnd) in Single.Append(All).SelectMany(static table => new[] { (table, true), (table, false) }))
        {
            (int, ulong)[] expected =
                [.. Enumerable.Range(0, text.Length).Select(at => (at, AskedAt(table, text, isEnd, at))).Where(static stop => stop.Item2 != 0)];
            foreach (var level in Enum.GetValues<SimdLevel>())
            {
                Simd.Level = level;
                Assert.That(Stops(table, text, isEnd, 0), Is.EqualTo(expected), level.ToString());
                var from = text.Length / 3;
                Assert.That(Stops(table, text, isEnd, from), Is.EqualTo(expected.Where(stop => stop.Item1 >= from)), level.ToString());
                var until = text.Length * 2 / 3;
                Assert.That(Stops(table, text, isEnd, from, until), Is.EqualTo(expected.Where(stop => stop.Item1 >= from && stop.Item1 < until)),
                    level.ToString());
            }
        }
    });

    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(19,5)")]
    public Property AskedAt_AnyText_IsEveryDetectorWithAnOpeningThere() => Prop.ForAll(Arb.From(Texts), static text =>
    {
        for (var number = 0; number < Ids.Length; number++)
        {
            for (var at = 0; at < text.Length; at++)
            {
                foreach (var isEnd in new[] { true, false })
                {
                    var isAsked = (AskedAt(All, text, isEnd, at) >> number & 1) != 0;
                    Assert.That(isAsked || !MayBegin(All.Detectors[number], Openings[number], text, isEnd, at),
                        $"{Ids[number]} at {at} of {Encoding.UTF8.GetString(text)}");
                }
            }
        }
    });

    [Test]
    public void AskedAt_BytesThatAreNotKnownYet_FitAll()
    {
        foreach (var sample in EntityCatalog.Ids.SelectMany(Samples.Of))
        {
            var text = Encoding.UTF8.GetBytes(sample);
            for (var at = 0; at < text.Length; at++)
            {
                for (var known = at + 1; known < text.Length; known++)
                {
                    Assert.That(AskedAt(All, text, isEnd: true, at) & ~AskedAt(All, text.AsSpan(0, known), isEnd: false, at), Is.Zero,
                        $"{sample}: {at}, {known}");
                }
            }
        }
    }

    private static Gen<byte[]> Texts =>
        from count in Gen.Choose(1, 20)
        from pieces in Gen.ArrayOf(Gen.Elements(Pieces), count)
        select Encoding.UTF8.GetBytes(string.Concat(pieces));

    private static EntityTable Table(IEnumerable<string> ids) => new([.. ids.Select((id, number) => (EntityCatalog.Find(id)!, number))]);

    private static bool MayBegin(Detector detector, Opening[] openings, byte[] text, bool isEnd, int at)
    {
        var before = at > 0 ? text[at - 1] : -1;
        return detector.IsTriggerAfter(ByteNeighbours.Of(before), text[at])
            && (detector.Runs >> text.Skip(at).Take(Detector.LongestRun).TakeWhile(b => AsciiByte.IsAlphanumeric(b)).Count() & 1) != 0
            && openings.Any(o => o.Before(before) && (o.Condition?.Invoke(text, at) ?? true)
                && Enumerable.Range(0, isEnd ? Opening.Length : Math.Min(Opening.Length, text.Length - at)).All(i =>
                o.Takes(i, at + i < text.Length ? text[at + i] : -1)));
    }

    private static List<(int At, ulong Asked)> Stops(EntityTable table, byte[] text, bool isEnd, int from, int? until = null)
    {
        var found = new List<(int, ulong)>();
        for (var stops = new EntityStops(table, text, isEnd, from, until ?? text.Length, new ushort[EntityStops.Room]); stops.MoveNext();)
        {
            found.Add((stops.At, stops.Asked));
        }

        return found;
    }
}
