using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>A stream is masked as the whole text is, however it is cut.</summary>
public sealed class StreamingTests
{
    private const string Settings = """
        {
          "apply_all": true,
          "predefined_entities": [{"entity": "ssn", "preserve_len": true}],
          "rules": [
            {"type": "keyword", "pattern": "confidential", "mask_with": "[K]"},
            {"type": "regex", "pattern": "key:\\s*\\S+", "mask_with": "#", "preserve_len": true}
          ]
        }
        """;

    private static readonly string[] Pieces =
        ["joe@example.com", "joe@exam", "@", " ", "4111 1111 1111 1111", "confidentail", "key: ", "x", "536-22-8714", "\u00E9", "\n",
            "password: hunter2", "8.8.8.8", "12"];

    private static readonly ISpanEvaluator Evaluator = (ISpanEvaluator)Masking.Evaluator(Settings);

    [FsCheck.NUnit.Property(MaxTest = 400, Replay = "(5,7)")]
    public Property Advance_AnyCut_EqualsWhole() => Prop.ForAll(Arb.From(Cases()), static sample =>
    {
        var text = Encoding.UTF8.GetBytes(sample.Text);
        var scanner = Evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message)!;
        var output = new List<byte>();
        var released = 0;
        var known = 0;
        foreach (var end in sample.Cuts.Where(c => c < text.Length && (text[c] & 0xC0) != 0x80).Append(text.Length))
        {
            var edits = new List<SpanEdit>();
            var context = Math.Min(released, Evaluator.Reach.Left);
            var pending = text.AsSpan(released - context, end - released + context);
            var count = scanner.Advance(pending, context, end - known, end == text.Length, edits);
            Assert.That(pending.Length - count, Is.LessThanOrEqualTo(end == text.Length ? 0 : Evaluator.Reach.HoldBack));
            output.AddRange(Replacements.Apply(pending[context..count],
                [.. edits.Select(e => (e.Span with { Start = e.Span.Start - context }, e.Replacement!))]));
            released += count - context;
            known = end;
        }

        Assert.That(Encoding.UTF8.GetString([.. output]), Is.EqualTo(Masking.Mask(Settings, sample.Text)));
    });

    [Test]
    public void Advance_AddressThatTouchesTheEnd_IsHeld()
    {
        var edits = new List<SpanEdit>();
        var scanner = Evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message)!;
        var released = scanner.Advance("mail me at joe@exa.co"u8, 0, 21, false, edits);
        Assert.Multiple(() =>
        {
            Assert.That(released, Is.EqualTo("mail me at ".Length));
            Assert.That(edits, Is.Empty);
        });
    }

    [Test]
    public void Advance_BoundHit_BlocksBeforeTheText()
    {
        var evaluator = (ISpanEvaluator)Masking.Evaluator("""{"rules": [{"type": "regex", "pattern": "a(?:.*b)?", "mask_with": "[K]"}]}""");
        var text = Encoding.ASCII.GetBytes(new string('a', 40_000));
        var edits = new List<SpanEdit>();
        evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message)!.Advance(text, 0, text.Length, true, edits);
        Assert.That(edits, Is.EqualTo(new[] { new SpanEdit(new TextSpan(0, text.Length), null, "bounds", FailureReasons.PatternBound) }));
    }

    private static Gen<(string Text, int[] Cuts)> Cases() =>
        from size in Gen.Choose(1, 12)
        from parts in Gen.ArrayOf(Gen.Elements(Pieces), size)
        let text = string.Concat(parts)
        from cuts in Gen.ArrayOf(Gen.Choose(0, Encoding.UTF8.GetByteCount(text)), 8)
        select (text, cuts.Distinct().Order().ToArray());
}
