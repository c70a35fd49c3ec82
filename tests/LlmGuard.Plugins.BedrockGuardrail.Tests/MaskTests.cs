using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class MaskTests
{
    private const string Anonymize = """ "pii_action": "anonymize" """;

    private static readonly GuardrailFailure NotApplicable = new(FailureClass.Input, FailureReasons.MaskNotApplicable);

    [Test]
    public async Task Judge_SensitiveInformation_BlocksByDefault()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("write to a.b@c.example");

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal!.Reason, Is.EqualTo("pii.email"));
    }

    [TestCase("write to a.b@c.example today", "write to {EMAIL} today")]
    [TestCase("a@b.cc", "{EMAIL}")]
    [TestCase("ü😀 a@b.cc 😀ü a@b.cc, TCK-1234!", "ü😀 {EMAIL} 😀ü {EMAIL}, {ticket}!")]
    [TestCase("{EMAIL} is not a@b.cc nor {a@b.cc}", "{EMAIL} is not {EMAIL} nor {{EMAIL}}")]
    public async Task Judge_Anonymize_TakesExactlyBedrocksText(string text, string masked)
    {
        await using var judged = await Judged.StartAsync();
        var content = GuardrailContent.FromText(text, SegmentRole.User);

        var verdict = await judged.JudgeAsync(content, Anonymize);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        Assert.That(Judged.Edited(content, verdict), Is.EqualTo(new[] { masked }));
    }

    [Test]
    public async Task Judge_SeveralSegments_EachGetsItsOwnMasks()
    {
        await using var judged = await Judged.StartAsync();
        var content = Texts("one a@b.cc", "two", "x@y.zz\nthree TCK-0001");

        var verdict = await judged.JudgeAsync(content, Anonymize);

        Assert.That(Judged.Edited(content, verdict), Is.EqualTo(new[] { "one {EMAIL}", "two", "{EMAIL}\nthree {ticket}" }));
        Assert.That(verdict.Findings.Select(f => (f.Rule, f.Segment, f.Span)), Is.EquivalentTo(new[]
        {
            ("pii.email", 0, new TextSpan(4, 6)),
            ("pii.email", 2, new TextSpan(0, 6)),
            ("pattern.ticket", 2, new TextSpan(13, 8)),
        }));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Judge_TextInTwoParts_IsMaskedInBoth()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("write to some", new SegmentInfo { Role = SegmentRole.User, Join = 1 });
        builder.AddText("body@example.org now", new SegmentInfo { Role = SegmentRole.User, Join = 1 });
        var content = builder.Build();

        var verdict = await judged.JudgeAsync(content, Anonymize);

        var masked = string.Concat(Judged.Edited(content, new Merged(verdict).Verdict));
        Assert.That(masked, Does.Not.Contain("some").And.Not.Contain("body"));
        Assert.That(masked, Does.StartWith("write to ").And.EndWith(" now"));
    }

    [Test]
    public async Task Judge_LongTextWithAnAddressInTheOverlap_IsOneEdit()
    {
        await using var judged = await Judged.StartAsync();
        var text = string.Concat(Enumerable.Repeat("lorem ipsum ", 1900)) + "me@here.org " + string.Concat(Enumerable.Repeat("dolor sit ", 1000));
        var content = GuardrailContent.FromText(text, SegmentRole.User);

        var verdict = await judged.JudgeAsync(content, Anonymize);

        Assert.That(judged.Fake.RequestCount, Is.EqualTo(2));
        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.All.Contains("me@here.org"), "the address lies in both pieces");
        Assert.That(verdict.Edits, Has.Count.EqualTo(1));
        Assert.That(Judged.Edited(content, verdict)[0], Is.EqualTo(text.Replace("me@here.org", "{EMAIL}", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Judge_TextThatCannotBeEdited_IsNotPassed()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("a@b.cc", new SegmentInfo { Editability = Editability.Key });

        Assert.That((await judged.JudgeAsync(builder.Build(), Anonymize)).Failure, Is.EqualTo(NotApplicable));
    }

    [Test]
    public async Task Judge_WholeValue_IsReplacedWhole()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("5 a@b.cc 5", new SegmentInfo { Editability = Editability.WholeValue });
        var content = builder.Build();

        Assert.That(Judged.Edited(content, await judged.JudgeAsync(content, Anonymize)), Is.EqualTo(new[] { "{EMAIL}" }));
    }

    [Test]
    public async Task Judge_PostRequest_CannotMask() =>
        Assert.That(
            (await (await Judged.StartAsync()).JudgeAsync("a@b.cc", Anonymize, GuardrailStage.PostRequest)).Failure, Is.EqualTo(NotApplicable));

    [TestCase("\"text\":\"to {EMAIL}\"", "\"text\":\"to a@b.cc\"", TestName = "text as it was")]
    [TestCase("\"text\":\"to {EMAIL}\"", "\"text\":\"To {EMAIL}\"", TestName = "text changed elsewhere")]
    [TestCase("\"text\":\"to {EMAIL}\"", "\"text\":\"to {EMAIL} \"", TestName = "text with an addition")]
    [TestCase("\"text\":\"to {EMAIL}\"", "\"text\":\"to {PHONE}\"", TestName = "another placeholder")]
    [TestCase("\"text\":\"to {EMAIL}\"", "\"text\":\"to \"", TestName = "text cut")]
    [TestCase("\"text\":\"to {EMAIL}\"", "\"text\":\"\"", TestName = "no text left")]
    [TestCase("{\"text\":\"to {EMAIL}\"}", "", TestName = "no outputs")]
    [TestCase("{\"text\":\"to {EMAIL}\"}", "{\"text\":\"to {EMAIL}\"},{\"text\":\"to {EMAIL}\"}", TestName = "two outputs")]
    public async Task Judge_MaskedTextThatDoesNotFit_IsNotPassed(string old, string @new)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Changed(body =>
        {
            Assert.That(body, Does.Contain(old));
            return body.Replace(old, @new, StringComparison.Ordinal);
        }));

        Assert.That((await judged.JudgeAsync("to a@b.cc", Anonymize)).Failure, Is.EqualTo(NotApplicable));
    }

    [Test]
    public async Task Judge_MaskAndBlock_Blocks()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await judged.JudgeAsync("a@b.cc FAKE-HATE", Anonymize)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    private static GuardrailContent Texts(params string[] texts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var text in texts)
        {
            builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        return builder.Build();
    }

    /// <summary>Overlapping edits as the engine merges them: into their union.</summary>
    private sealed class Merged
    {
        public Merged(GuardrailVerdict verdict)
        {
            var merged = new List<SegmentEdit>();
            foreach (var edit in verdict.Edits.OrderBy(e => e.Segment).ThenBy(e => e.Span.Start))
            {
                if (merged is [.., var last] && last.Segment == edit.Segment && last.Span.Overlaps(edit.Span))
                {
                    merged[^1] = last with { Span = new TextSpan(last.Span.Start, Math.Max(last.Span.End, edit.Span.End) - last.Span.Start) };
                }
                else
                {
                    merged.Add(edit);
                }
            }

            Verdict = GuardrailVerdict.Modify(merged);
        }

        public GuardrailVerdict Verdict { get; }
    }
}
