using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire.Streams;

namespace LlmGuard.Http.Tests.Wire;

public sealed class AssembledStreamTests
{
    [Test]
    public void Assemble_PiecesOfOneText_AreOneSegmentWhereTheFirstStood()
    {
        var content = Assemble([("a", -1), ("he", 1), ("x", 2), ("llo", 1), ("b", -1)], out _);

        Assert.That(content.Select(segment => segment.Text), Is.EqualTo(new[] { "a", "hello", "x", "b" }));
    }

    [Test]
    public void Assemble_RepeatedEnvelope_IsThereOnceAndEditedEverywhere()
    {
        var content = Assemble([("id", -1), ("he", 1), ("id", -1), ("llo", 1)], out var stream);

        var edits = stream.ToEvents([new TextEdit(0, new TextSpan(0, 2), "no"u8.ToArray())]);

        Assert.That(content, Has.Count.EqualTo(2));
        Assert.That(edits.Select(edit => edit.Segment), Is.EqualTo(new[] { 0, 2 }));
    }

    [Test]
    public void ToEvents_AnyCutsAndEdits_EqualsEditingTheWholeText()
    {
        var cases = from cuts in Gen.NonEmptyListOf(Gen.Elements("a", "bc", "def", "\u20AC", "\U0001F600x"))
                    let text = string.Concat(cuts)
                    let length = Encoding.UTF8.GetByteCount(text)
                    from points in Gen.ListOf(Gen.Choose(0, length))
                    select (Pieces: cuts.ToArray(), Points: points.Distinct().Order().ToArray());

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var content = Assemble([.. c.Pieces.Select(piece => (piece, 0))], out var stream);
            var whole = content[0].Utf8.ToArray();
            var edits = c.Points.Zip(c.Points.Skip(1)).Where((_, i) => i % 2 == 0)
                .Select((pair, i) => new TextEdit(0, new TextSpan(pair.First, pair.Second - pair.First), Encoding.UTF8.GetBytes($"<{i}>")))
                .ToList();

            var pieces = c.Pieces.Select(Encoding.UTF8.GetBytes).ToArray();
            var edited = Enumerable.Range(0, pieces.Length)
                .SelectMany(i => Apply(pieces[i], [.. stream.ToEvents(edits).Where(edit => edit.Segment == i)]));
            return edited.SequenceEqual(Apply(whole, edits));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(4711, 17));
    }

    private static byte[] Apply(byte[] text, List<TextEdit> edits) => LlmGuard.Http.Wire.ByteSplice.Apply(
        text, [.. edits.Select(edit => new LlmGuard.Http.Wire.ByteSplice(edit.Span, edit.Utf8))]);

    private static GuardrailContent Assemble((string Text, int Join)[] pieces, out AssembledStream stream)
    {
        var events = new GuardrailContentBuilder();
        foreach (var (text, join) in pieces)
        {
            events.AddText(text, new SegmentInfo { Kind = SegmentKind.Message, Join = join });
        }

        var builder = new GuardrailContentBuilder();
        stream = AssembledStream.Assemble(events.Build(), builder);
        return builder.Build();
    }
}
