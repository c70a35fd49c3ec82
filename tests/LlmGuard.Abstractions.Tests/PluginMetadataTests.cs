namespace LlmGuard.Abstractions.Tests;

public sealed class PluginMetadataTests
{
    [TestCase("data_masking")]
    [TestCase("a")]
    [TestCase("a1_")]
    public void New_Identifier_IsKept(string name) => Assert.That(new GuardrailPluginMetadata(name).Name, Is.EqualTo(name));

    [TestCase("")]
    [TestCase(null)]
    [TestCase("1a")]
    [TestCase("_a")]
    [TestCase("Data")]
    [TestCase("a-b")]
    [TestCase("a b")]
    [TestCase("a\n")]
    [TestCase("é")]
    [TestCase("a\u0661")]
    public void New_AnotherForm_Throws(string? name) =>
        Assert.That(() => new GuardrailPluginMetadata(name!), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("name"));

    [Test]
    public void New_NameOnly_HasTheDocumentedDefaults()
    {
        var metadata = new GuardrailPluginMetadata("a");

        Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(
            (metadata.DefaultPriority, metadata.Needs, metadata.Streaming, metadata.DefaultOnError, metadata.DefaultTimeoutMs,
                metadata.DefaultStatusCode),
            Is.EqualTo((100, GuardrailNeeds.Content, GuardrailStreaming.WholeText, FailurePolicy.Block, 5000, 403)));
        Assert.That(metadata.Rewrites || metadata.SendsContentOut || metadata.RunsInline, Is.False);
        Assert.That(metadata.DefaultMessage, Is.Not.Empty);
    }
}
