using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>The quick ways through a text stop exactly where looking at every byte does.</summary>
public sealed class EntityTableTests
{
    private static readonly string[] Pieces =
    [
        .. EntityCatalog.Ids.SelectMany(Samples.Of), "the words of a sentence ", "dbPassword=", "compass=", "xAKIA", "7token=", "\u00E9", "\u4FE1", "\u2010", " ", "::", "4", "12", "-", "@", "eyJ", "\n",
    ];

    private static readonly EntityTable All = Table(EntityCatalog.Ids);

    private static readonly EntityTable[] Single = [.. EntityCatalog.Ids.Select(id => Table([id]))];

    [FsCheck.NUnit.Property(MaxTest = 600, Replay = "(17,3)")]
    public Property Next_AnyText_EqualsByteByByte() => Prop.ForAll(Arb.From(Texts), static text =>
    {
        foreach (var table in Single.Append(All))
        {
            Assert.That(Stops(table, text, isWhole: false), Is.EqualTo(Stops(table, text, isWhole: true)));
        }
    });

    private static Gen<byte[]> Texts =>
        from count in Gen.Choose(1, 20)
        from pieces in Gen.ArrayOf(Gen.Elements(Pieces), count)
        select Encoding.UTF8.GetBytes(string.Concat(pieces));

    private static EntityTable Table(IEnumerable<string> ids) => new([.. ids.Select((id, number) => (EntityCatalog.Find(id)!, number))]);

    // Short of sixteen offsets the table is asked byte by byte: so each offset is looked at with only the bytes of one opening behind it.
    private static List<(int At, ulong Asked)> Stops(EntityTable table, byte[] text, bool isWhole)
    {
        var stops = new List<(int, ulong)>();
        for (var at = 0; at < text.Length; at++)
        {
            var known = isWhole ? text.Length : Math.Min(text.Length, at + Opening.Length);
            var next = table.Next(text.AsSpan(0, known), at, out var asked);
            if (next < text.Length && (isWhole || next == at))
            {
                stops.Add((next, asked));
            }

            at = isWhole ? next : at;
        }

        return stops;
    }
}
