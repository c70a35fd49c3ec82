using LlmGuard.Planning;

namespace LlmGuard.Tests.Planning;

public sealed class EntrySourcesTests
{
    private static readonly GuardrailPluginMetadata ReadsText = new("text") { Needs = GuardrailNeeds.Content | GuardrailNeeds.Usage };

    [Test]
    public void Needs_NoSourceNamed_AreThePluginsOwn()
    {
        Assert.That(EntrySources.Needs(ReadsText, []), Is.EqualTo(ReadsText.Needs));
    }

    [TestCase(new[] { SegmentSource.Headers }, GuardrailNeeds.Headers | GuardrailNeeds.Usage)]
    [TestCase(new[] { SegmentSource.Body, SegmentSource.PathAndQuery }, GuardrailNeeds.Content | GuardrailNeeds.PathAndQuery | GuardrailNeeds.Usage)]
    public void Needs_SourcesNamed_AreExactlyThose(SegmentSource[] named, GuardrailNeeds expected)
    {
        Assert.That(EntrySources.Needs(ReadsText, named), Is.EqualTo(expected));
    }

    [Test]
    public void Of_NothingNamed_IsWhatThePluginReads()
    {
        Assert.That(EntrySources.Of(ReadsText, []), Is.EqualTo(new[] { SegmentSource.Body }));
    }
}
