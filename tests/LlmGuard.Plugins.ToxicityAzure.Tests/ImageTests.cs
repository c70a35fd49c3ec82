using System.Text;
using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Plugins.ToxicityAzure.Analysis;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class ImageTests
{
    private const string Blobs = """ "blob_hosts": ["account.blob.core.windows.net"] """;

    [Test]
    public async Task Judge_ImageByValue_IsSentInBase64()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Image(Png(FakeAzureContentSafety.TriggerOf("Violence"))));

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Findings.Single().Segment, Is.EqualTo(1));
        Assert.That(judged.Asked("image:analyze").Single().GetProperty("outputType").GetString(), Is.EqualTo("FourSeverityLevels"));
        Assert.That(judged.Asked("text:analyze"), Has.Count.EqualTo(1), "the text has a question of its own");
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("data:image/png;base64,", true)]
    [TestCase("data:image/png;charset=x;BASE64,", true)]
    [TestCase("data:image/png,", false)]
    [TestCase("data:image/png;base64,%%", false)]
    public async Task Judge_DataUrl_IsSentDecodedOrRefused(string head, bool isReadable)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(Image(default, new Uri(head + Convert.ToBase64String(Png(FakeAzureContentSafety.TriggerOf("Hate"))))));

        Assert.That(verdict.Outcome == VerdictOutcome.Block && verdict.Failure is null, Is.EqualTo(isReadable));
        Assert.That(verdict.Failure, isReadable ? Is.Null : Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable)));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_BlobOfANamedHost_IsSentAsItsAddress()
    {
        await using var judged = await Judged.StartAsync();
        var uri = new Uri("https://account.blob.core.windows.net/c/a.png?t=" + FakeAzureContentSafety.TriggerOf("Sexual"));

        Assert.That((await judged.JudgeAsync(Image(default, uri), Blobs)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Asked("image:analyze").Single().GetProperty("image").GetProperty("blobUrl").GetString(), Is.EqualTo(uri.AbsoluteUri));
    }

    [TestCase("https://example.com/a.png")]
    [TestCase("http://account.blob.core.windows.net/a.png")]
    [TestCase("https://account.blob.core.windows.net.evil.example/a.png")]
    [TestCase("https://x@evil.example/account.blob.core.windows.net")]
    [TestCase("file:///a.png")]
    public async Task Judge_ImageThatAzureCannotFetch_IsNotSent(string uri)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await judged.JudgeAsync(Image(default, new Uri(uri)), Blobs), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Asked("image:analyze"), Is.Empty, "what the policy says about uninspected images decides");
    }

    [Test]
    public async Task Judge_BlobHostNotNamed_IsNotSent()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(Image(default, new Uri("https://account.blob.core.windows.net/a.png")));

        Assert.That(judged.Asked("image:analyze"), Is.Empty);
    }

    [Test]
    public async Task Judge_LargestImage_IsSentAndALargerOneIsRefused()
    {
        await using var judged = await Judged.StartAsync();
        var bytes = new byte[AnalyzableImage.MaxBytes + 1];
        Png("").CopyTo(bytes, 0);

        var largest = await judged.JudgeAsync(Image(bytes.AsMemory(0, AnalyzableImage.MaxBytes)));
        var larger = await judged.JudgeAsync(Image(bytes));

        Assert.That(largest, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(larger.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded)));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_BytesThatAreNoImage_AreUninspectable()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(
            (await judged.JudgeAsync(Image(Encoding.ASCII.GetBytes("not an image")))).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable)));
    }

    [TestCase(1, 0, false)]
    [TestCase(1, 2, true)]
    [TestCase(3, 2, true)]
    [TestCase(4, 2, false)]
    [TestCase(5, 4, true)]
    [TestCase(7, 6, true)]
    [TestCase(7, 4, false)]
    public async Task Judge_ThresholdOfEightLevels_IsTakenToFourForImages(int threshold, int severity, bool blocks)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync(
            Image(Png(FakeAzureContentSafety.TriggerOf("Hate", severity))),
            $$""" "output_type": "EightSeverityLevels", "category_severity": { "Hate": {{threshold}} } """);

        Assert.That(verdict.Outcome == VerdictOutcome.Block, Is.EqualTo(blocks));
        Assert.That(judged.Asked("image:analyze").Single().GetProperty("outputType").GetString(), Is.EqualTo("FourSeverityLevels"));
    }

    [TestCase(""" "checks": ["text"] """, 1, 0)]
    [TestCase(""" "content_types": [ { "type": "text", "path": "x" } ] """, 1, 0)]
    [TestCase(""" "content_types": [ { "type": "image" } ] """, 0, 1)]
    [TestCase(""" "checks": ["images"] """, 0, 1)]
    [TestCase("", 1, 1)]
    public async Task Judge_Checks_SayWhatIsAsked(string settings, int texts, int images)
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(Image(Png("")), settings);

        Assert.That((judged.Asked("text:analyze").Count, judged.Asked("image:analyze").Count), Is.EqualTo((texts, images)));
    }

    [Test]
    public async Task Judge_ImageOfAnAnswer_IsJudgedToo()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(
            (await judged.JudgeAsync(Image(Png(FakeAzureContentSafety.TriggerOf("Violence"))), stage: GuardrailStage.PreResponse)).Outcome,
            Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase("\"severity\":0", "\"severity\":1")]
    [TestCase(",\"severity\":0", "")]
    [TestCase("\"Hate\"", "\"Gore\"")]
    public async Task Judge_AnswerThatIsNotWhole_IsIncomplete(string from, string to)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(body => body.Replace(from, to, StringComparison.Ordinal));

        Assert.That(
            (await judged.JudgeAsync(Image(Png("")), """ "checks": ["images"] """)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    private static byte[] Png(string shows) => [0x89, .. Encoding.ASCII.GetBytes("PNG\r\n" + shows)];

    private static GuardrailContent Image(ReadOnlyMemory<byte> bytes, Uri? uri = null)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("look at this", new SegmentInfo { Role = SegmentRole.User });
        builder.AddBinary(UninspectedKind.Image, bytes, "image/png", uri, new SegmentInfo { Role = SegmentRole.User });
        return builder.Build();
    }
}
