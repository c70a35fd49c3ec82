using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Http.Tests.Json;

/// <summary>The law of editing: bytes outside an edit stay, and the text is what editing the text gives.</summary>
public sealed class JsonSpliceProperties
{
    private static readonly Config Replayable = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20261121, 7);

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Test]
    public void Read_AnyJson_GivesEveryStringKeyAndNumber() => Prop.ForAll(Seeds, seed =>
    {
        var sample = new JsonSample(seed, 60);
        var reading = Reading.Of(sample.Json);
        Assert.That(reading.Content.Select(s => s.Text), Is.EqualTo(sample.Segments.Select(p => p.Text)));
    }).Check(Replayable);

    [Test]
    public void Rewrite_WithoutEdits_ChangesNothing() => Prop.ForAll(Seeds, seed =>
    {
        var rewrite = Reading.Of(new JsonSample(seed, 60).Json).Body.Rewrite([], []);
        Assert.That((rewrite.Bytes, rewrite.Failure), Is.EqualTo(((ReadOnlyMemory<byte>?)null, (GuardrailFailure?)null)));
    }).Check(Replayable);

    [Test]
    public void Rewrite_WithAnyEdits_ChangesExactlyThem() => Prop.ForAll(Seeds, seed =>
    {
        var sample = new JsonSample(seed, 60);
        var edits = sample.Edits(firstSegment: 0);
        var rewrite = Reading.Of(sample.Json).Body.Rewrite([.. edits.Select(e => e.ToTextEdit())], []);
        Assert.That(rewrite.Failure, Is.Null);
        Assert.That(rewrite.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : sample.Json, Is.EqualTo(sample.Render(edits)));
    }).Check(Replayable);

    [Test]
    public void Rewrite_InsideToolArguments_ChangesExactlyTheEdits() => Prop.ForAll(Seeds, seed =>
    {
        var inner = new JsonSample(seed, 30);
        var outer = new Random(seed);

        // Kept characters are written the same way before and after, so the spelling of each is fixed on first use.
        var spelling = new Dictionary<int, string>();
        string Kept(int number, string raw) => spelling.TryGetValue(number, out var known)
            ? known
            : spelling[number] = string.Concat(raw.EnumerateRunes().Select(r => JsonSample.Write(r, outer)));

        var json = Arguments(inner.Render([], Kept, JsonSample.Escape));
        var reading = Reading.Of(json, "openai.chat_completions");
        Assert.That(reading.Content.Select(s => s.Text), Is.EqualTo(inner.Segments.Select(p => p.Text)), json);
        var edits = inner.Edits(firstSegment: 0);
        var rewrite = reading.Body.Rewrite([.. edits.Select(e => e.ToTextEdit())], []);

        Assert.That(rewrite.Failure, Is.Null, json);
        Assert.That(rewrite.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : json,
            Is.EqualTo(Arguments(inner.Render(edits, Kept, JsonSample.Escape))));
    }).Check(Replayable);

    [Test]
    public void Rewrite_EditInsideAnEscape_IsNotApplicable()
    {
        var reading = Reading.Of("""{"a":"x\u00e9y"}""");
        var text = reading.Content.Single(s => s.Kind != SegmentKind.Key);
        var rewrite = reading.Body.Rewrite([new TextEdit(text.Index, new TextSpan(2, 1), default)], []);
        Assert.That(rewrite.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable)));
    }

    [TestCase("{\"a\":\"x\"}", 0, 0, 1, TestName = "Rewrite_Key_IsNotApplicable")]
    [TestCase("[12345]", 0, 1, 2, TestName = "Rewrite_PartOfNumber_IsNotApplicable")]
    [TestCase("[\"abc\"]", 0, 2, 5, TestName = "Rewrite_SpanPastTheEnd_IsNotApplicable")]
    [TestCase("[\"abc\"]", 0, 1, 0, TestName = "Rewrite_EmptySpan_IsNotApplicable")]
    [TestCase("[\"a\u00e9\"]", 0, 2, 1, TestName = "Rewrite_SpanInsideACodePoint_IsNotApplicable")]
    public void Rewrite_ImpossibleEdit_IsNotApplicable(string json, int segment, int start, int length)
    {
        var rewrite = Reading.Of(json).Body.Rewrite([new TextEdit(segment, new TextSpan(start, length), "z"u8.ToArray())], []);
        Assert.That(rewrite.Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [Test]
    public void Rewrite_OverlappingEdits_AreNotApplicable()
    {
        TextEdit[] edits = [new(0, new TextSpan(0, 2), "y"u8.ToArray()), new(0, new TextSpan(1, 2), "z"u8.ToArray())];
        Assert.That(Reading.Of("[\"abc\"]").Body.Rewrite(edits, []).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [Test]
    public void Rewrite_ReplacementThatIsNotUtf8_IsNotApplicable() => Assert.That(
        Reading.Of("[\"abc\"]").Body.Rewrite([new TextEdit(0, new TextSpan(0, 1), new byte[] { 0xFF })], []).Failure?.Reason,
        Is.EqualTo(FailureReasons.MaskNotApplicable));

    private static string Arguments(string raw) =>
        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"type\":\"function\",\"function\":{\"arguments\":\"" + raw + "\"}}]}]}";
}
