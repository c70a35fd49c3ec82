using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

public sealed class SettingsTests
{
    [TestCase("""{ "api_key": "k" }""")]
    [TestCase("""{ "openai_key": "k", "thresholds": { "hate": 0.5 }, "categories": ["hate"], "actions": { "type": "reject", "message": "%s" } }""")]
    [TestCase("""{ "api_key": "k", "endpoint": "https://proxy.example/openai", "key_header": "api-key", "api_version": "2024-10-21" }""")]
    [TestCase("""{ "api_key": "k", "endpoint": "http://10.0.0.5:8080/v1", "allow_private_endpoints": true, "retries": 0, "max_concurrency": 256 }""")]
    [TestCase("""{ "api_key": "k", "model": "text-moderation-latest", "cache": { "lifetime": "5m", "max_entries": 16 } }""")]
    [TestCase("""{ "api_key": "k", "thresholds": { "hate": 1 }, "block_on_flagged": false, "actions": { "type": "flag" } }""")]
    public void Create_GoodSettings_AreRead(string json) => Assert.That(Problems(json), Is.Empty);

    [TestCase("""{ }""", "api_key")]
    [TestCase("""{ "api_key": "" }""", "api_key")]
    [TestCase("""{ "openai_key": "" }""", "openai_key")]
    [TestCase("""{ "api_key": "k", "openai_key": "k" }""", "openai_key")]
    [TestCase("""{ "api_key": "k", "endpoint": "http://api.openai.com/v1" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "endpoint": "https://127.0.0.1/v1" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "endpoint": "https://[::1]/v1" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "endpoint": "https://x.example/v1?key=1" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "endpoint": "https://user:pw@x.example/v1" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "endpoint": "ftp://x.example/" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "thresholds": { "hate": 1.1 } }""", "thresholds")]
    [TestCase("""{ "api_key": "k", "thresholds": { "hate": "high" } }""", "thresholds")]
    [TestCase("""{ "api_key": "k", "thresholds": { "hate": 0.5 }, "categories": ["violence"] }""", "thresholds")]
    [TestCase("""{ "api_key": "k", "block_on_flagged": false }""", "block_on_flagged")]
    [TestCase("""{ "api_key": "k", "model": "text-moderation-stable", "images": true }""", "images")]
    [TestCase("""{ "api_key": "k", "key_header": "a b" }""", "key_header")]
    [TestCase("""{ "api_key": "k", "api_version": "1&x=2" }""", "api_version")]
    [TestCase("""{ "api_key": "k", "retries": 6 }""", "retries")]
    [TestCase("""{ "api_key": "k", "max_concurrency": 0 }""", "max_concurrency")]
    [TestCase("""{ "api_key": "k", "cache": { "lifetime": "25h" } }""", "lifetime")]
    [TestCase("""{ "api_key": "k", "actions": { "type": "mask" } }""", "type")]
    public void Create_BadSettings_NameTheKey(string json, string key) =>
        Assert.That(Problems(json).Select(p => p.Path), Has.Some.Contains(key));

    [Test]
    public void Create_BadSettings_NeverQuoteTheKey() =>
        Assert.That(
            Problems("""{ "api_key": "SECRET-1", "openai_key": "SECRET-2", "retries": 9 }""").Select(p => p.Message), Has.None.Contains("SECRET"));

    [Test]
    public void Metadata_SaysWhatLeavesTheProcess()
    {
        using var services = Judged.Services();
        var metadata = services.GetServices<IGuardrailPlugin>().Single().Metadata;

        Assert.That(metadata.Name, Is.EqualTo("toxicity_openai"));
        Assert.That(metadata.SendsContentOut, Is.True);
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(403));
        Assert.That(metadata.Streaming, Is.EqualTo(GuardrailStreaming.WholeText));
    }

    private static IReadOnlyList<SettingsProblem> Problems(string json)
    {
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        return settings.Problems;
    }
}
