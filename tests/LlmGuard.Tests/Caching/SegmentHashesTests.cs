using LlmGuard.Caching;

namespace LlmGuard.Tests.Caching;

/// <summary>
/// The hash of a segment is its own, whatever segments were hashed before it: headers that repeat are kept, and must not be mistaken for others.
/// </summary>
public sealed class SegmentHashesTests
{
    private static readonly SegmentInfo[] Infos =
    [
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message },
        new() { Role = SegmentRole.Assistant, Kind = SegmentKind.Message },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Metadata },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Name = "a" },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Name = "b" },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Source = SegmentSource.Headers },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Editability = Editability.WholeValue },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Editability = Editability.Opaque },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Editability = Editability.Key },
        new() { Role = new SegmentRole("somebody nobody knows"), Kind = SegmentKind.Message },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Name = new string('n', 100) },
        new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Name = new string('n', 300) },
    ];

    [Test]
    public void Of_AnySequenceOfSegments_IsTheHashOfEachAlone()
    {
        var (hash, headers, random) = (KeyedHash.Create(), KeyedHash.Create(), new Random(1));
        var chosen = Enumerable.Range(0, 500).Select(_ => (Info: Infos[random.Next(Infos.Length)], Text: new string('x', random.Next(3)))).ToArray();
        var together = Content(chosen);
        using var hashes = new SegmentHashes(hash, headers, 7);
        hashes.TurnTo(together);
        for (var i = 0; i < chosen.Length; i++)
        {
            using var alone = new SegmentHashes(hash, headers, 7);
            var single = Content([chosen[i]]);
            alone.TurnTo(single);
            Assert.That(Of(hashes, together[i]), Is.EqualTo(Of(alone, single[0])), $"{i}");
        }
    }

    [Test]
    public void Of_SegmentsThatDifferInOneThing_DifferInTheirHashes()
    {
        var content = Content([.. Infos.Select(static info => (info, "x"))]);
        using var hashes = new SegmentHashes(KeyedHash.Create(), KeyedHash.Create(), 7);
        hashes.TurnTo(content);

        Assert.That(content.Select(s => Of(hashes, s)).ToArray(), Is.Unique);
    }

    private static UInt128 Of(SegmentHashes hashes, Segment segment) => hashes.Of(segment, segment.Data);

    private static GuardrailContent Content((SegmentInfo Info, string Text)[] segments)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var (info, text) in segments)
        {
            builder.AddText(text, info);
        }

        return builder.Build();
    }
}
