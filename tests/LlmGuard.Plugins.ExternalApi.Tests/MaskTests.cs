using System.Text;
using FsCheck.Fluent;
using LlmGuard.FakeClouds.External;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Plugins.ExternalApi.Answers;

namespace LlmGuard.Plugins.ExternalApi.Tests;

/// <summary>Masks read from an answer of any form.</summary>
public sealed class MaskTests
{
    private const string Body = """ "body": { "text": "{{/input}}" }, "protocol": "custom", """;
    private const string Spans =
        Body + """ "masks": { "spans": "/entities", "start": "/from", "length": "/size", "replacement": "/as", "unit": "utf16" } """;
    private const string Whole = Body + """ "masks": { "text": "/redacted" } """;

    [TestCase(Spans)]
    [TestCase(Whole)]
    public async Task Mask_OfTheAnswer_IsAnEditOfExactlyThatSpan(string settings)
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("first 😀 text", new SegmentInfo { Role = SegmentRole.System, Kind = SegmentKind.Message });
        builder.AddText("中 " + FakeExternalApi.Masked + " end", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });

        var verdict = await judged.CheckAsync(Judged.CallOf(builder.Build()), settings);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        Assert.That(verdict.Edits, Has.Count.EqualTo(1));
        Assert.That(verdict.Edits[0].Segment, Is.EqualTo(1));

        // The whole text differs less: its replacement begins as the original does.
        Assert.That(verdict.Edits[0].Span.Start, Is.EqualTo(4));
        Assert.That(verdict.Edits[0].Span.Length, Is.EqualTo(FakeExternalApi.Masked.Length));
    }

    [TestCase(Spans)]
    [TestCase(Whole)]
    public async Task Mask_OfNothing_Allows(string settings)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.CheckAsync("hi", settings), Is.SameAs(GuardrailVerdict.Allow));
    }

    [TestCase(Spans, """{"entities":null}""")]
    [TestCase(Spans, """{"entities":[{"from":0}]}""")]
    [TestCase(Spans, """{"entities":[{"from":0,"size":0}]}""")]
    [TestCase(Spans, """{"entities":[{"from":"0","size":1}]}""")]
    [TestCase(Spans, """{"entities":[{"from":0,"size":99}]}""")]
    [TestCase(Spans, """{"entities":[{"from":2147483646,"size":2147483647}]}""")]
    [TestCase(Spans, """{"entities":[{"from":0,"size":1,"as":7}]}""")]
    [TestCase(Whole, """{"redacted":null}""")]
    [TestCase(Whole, """{"redacted":["x"]}""")]
    [TestCase(Whole, """{}""")]
    public async Task Mask_ThatCannotBeRead_IsNoVerdict(string settings, string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(200, answer);

        var verdict = await judged.CheckAsync("hello", settings);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    [Test]
    public async Task MaskCondition_ThatHoldsWithoutAnyMask_IsNoVerdict()
    {
        await using var judged = await Judged.StartAsync();
        const string asked =
            Whole + """ , "conditions": [ { "field": "/verdict", "operator": "in", "value": ["mask", "review"], "action": "mask" } ] """;

        var unasked = await judged.CheckAsync(FakeExternalApi.Masked, asked);
        var contradiction = await judged.CheckAsync(FakeExternalApi.Flagged, asked);

        Assert.That(unasked.Outcome, Is.EqualTo(VerdictOutcome.Allow), "the masks count only where the condition holds");
        Assert.That(contradiction.Failure?.Reason, Is.EqualTo(FailureReasons.VerdictIncomplete));
    }

    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(41,3)")]
    public FsCheck.Property TextDifference_Applied_GivesTheReplacedText()
    {
        var texts = Gen.Elements("a", "b", "é", "è", "中", "😀", "😁", " ").ListOf().Select(string.Concat);
        return Prop.ForAll(texts.Zip(texts).ToArbitrary(), static pair =>
        {
            var (before, after) = (Encoding.UTF8.GetBytes("x" + pair.Item1), Encoding.UTF8.GetBytes(pair.Item2));
            if (TextDifference.Between(before, after) is not { } difference)
            {
                return before.AsSpan().SequenceEqual(after);
            }

            // Decoded apart, so that a cut character would show.
            var (start, end) = (difference.Span.Start, difference.Span.End);
            var result = Strict.GetString(before, 0, start) + difference.Text + Strict.GetString(before, end, before.Length - end);
            return difference.Span.Length > 0 && result == pair.Item2;
        });
    }

    private static UTF8Encoding Strict { get; } = new(false, throwOnInvalidBytes: true);
}
