using System.Text;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.OpenAI;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

public sealed class ImageTests
{
    [Test]
    public async Task Judge_ImageByValue_IsSentAsADataUrl()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Image(Encoding.ASCII.GetBytes(FakeOpenAIModerations.TriggerOf("violence")), "image/png", null));

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.Some.Contains("\"url\":\"data:image/png;base64,"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_ImageByUrl_IsSentAsItStands()
    {
        await using var judged = await Judged.StartAsync();
        var uri = new Uri("https://example.com/a.png?q=" + FakeOpenAIModerations.TriggerOf("sexual"));

        var verdict = await judged.JudgeAsync(Image(default, null, uri));

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Segment, Is.EqualTo(1));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(2), "the text and the image each have a result of their own");
    }

    [Test]
    public async Task Judge_ImagesSwitchedOff_SendsTextOnly()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Image(default, null, new Uri("https://example.com/a.png")), """ "images": false """);

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Judge_ImageNobodyLookedAt_IsIncomplete()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(static body => body.Replace("\"image\"", "\"text\"", StringComparison.Ordinal));

        var verdict = await judged.JudgeAsync(Image(default, null, new Uri("https://example.com/a.png")));

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    private static GuardrailContent Image(ReadOnlyMemory<byte> bytes, string? mediaType, Uri? uri)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("look at this", new SegmentInfo { Role = SegmentRole.User });
        builder.AddBinary(UninspectedKind.Image, bytes, mediaType, uri, new SegmentInfo { Role = SegmentRole.User });
        return builder.Build();
    }
}
