using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Tests;

public sealed class SettingsTests
{
    private const string Collector = "\"collector_id\": \"3f2b8c1e-9a54-4f7d-8b1e-0a9d6c5e4f32\", \"gateway_id\": \"g\"";
    private const string At = "\"endpoint\": \"https://nt.example\"";

    [TestCase("""{ "credentials": { "base_url": "https://data.neuraltrust.ai", "token": "t" }, "jailbreak": { "enabled": true, "threshold": 0.8 }, "toxicity": { "enabled": false, "threshold": 0.7 } }""")]
    [TestCase("""{ "credentials": { "base_url": "https://data.neuraltrust.ai", "token": "t" }, "jailbreak": { "threshold": 0.8 } }""")]
    [TestCase("{" + At + """, "token": "t", "toxicity": {} }""")]
    [TestCase("{" + At + """, "signing_key": "k", "moderation": { "topics": ["weapons", "drugs"], "threshold": 0.6, "thresholds": { "drugs": 0.9 }, "deny_topic_action": "block" } }""")]
    [TestCase("{" + At
        + """, "api": "guard", "token": "t", "attachments": false, "session_id_header": "X-Session", "actions": { "message": "%s" } }""")]
    [TestCase("{" + At + """, "api": "guard_legacy", "token": "t" }""")]
    [TestCase("{" + At + """, "api": "evaluate", "client_id": "c", "client_secret": "s", """ + Collector + "}")]
    public void Create_GoodSettings_AreRead(string json) => Assert.That(Problems(json), Is.Empty);

    [TestCase("""{ "token": "t", "jailbreak": {} }""", "endpoint")]
    [TestCase("""{ "endpoint": "https://a.example", "credentials": { "base_url": "https://b.example", "token": "t" }, "jailbreak": {} }""",
        "base_url")]
    [TestCase("""{ "credentials": { "base_url": "http://a.example", "token": "t" }, "jailbreak": {} }""", "endpoint")]
    [TestCase("{" + At + """, "credentials": { "token": "t" }, "token": "u", "jailbreak": {} }""", "credentials.token")]
    [TestCase("{" + At + """, "jailbreak": {} }""", "token")]
    [TestCase("{" + At + """, "token": "", "jailbreak": {} }""", "token")]
    [TestCase("{" + At + """, "token": "t", "signing_key": "k", "jailbreak": {} }""", "signing_key")]
    [TestCase("{" + At + """, "token": "t" }""", "$")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": { "enabled": false } }""", "$")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": { "threshold": 0 } }""", "threshold")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": { "threshold": 1.1 } }""", "threshold")]
    [TestCase("{" + At + """, "token": "t", "moderation": {} }""", "topics")]
    [TestCase("{" + At + """, "token": "t", "moderation": { "topics": ["a", "a"] } }""", "topics")]
    [TestCase("{" + At + """, "token": "t", "moderation": { "topics": ["a"], "thresholds": { "b": 0.5 } } }""", "thresholds")]
    [TestCase("{" + At + """, "token": "t", "moderation": { "topics": ["a"], "threshold": 0.4, "thresholds": { "a": 0.5 } } }""",
        "moderation.threshold")]
    [TestCase("{" + At + """, "token": "t", "moderation": { "topics": ["a"], "thresholds": {} } }""", "moderation.thresholds")]
    [TestCase("{" + At + """, "token": "t", "moderation": { "topics": ["a"], "deny_topic_action": "log" } }""", "deny_topic_action")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": {}, "attachments": true }""", "attachments")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": {}, "session_id_header": "X-S" }""", "session_id_header")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": {}, "client_id": "c" }""", "client_id")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": {}, "gateway_id": "g" }""", "gateway_id")]
    [TestCase("{" + At + """, "api": "guard", "token": "t", "jailbreak": {} }""", "jailbreak")]
    [TestCase("{" + At + """, "api": "guard", "signing_key": "k" }""", "signing_key")]
    [TestCase("{" + At + """, "api": "guard" }""", "token")]
    [TestCase("{" + At + """, "api": "evaluate", "token": "t", "client_id": "c", "client_secret": "s", """ + Collector + "}", "token")]
    [TestCase("{" + At + """, "api": "evaluate", "client_id": "c", """ + Collector + "}", "client_secret")]
    [TestCase("{" + At + """, "api": "evaluate", "client_id": "c", "client_secret": "s", "gateway_id": "g" }""", "collector_id")]
    [TestCase("{" + At + """, "api": "evaluate", "client_id": "c", "client_secret": "s", "gateway_id": "g", "collector_id": "7" }""", "collector_id")]
    [TestCase("{" + At + """, "api": "v9", "token": "t", "jailbreak": {} }""", "api")]
    public void Create_BadSettings_NameTheKey(string json, string path) => Assert.That(Problems(json).Select(p => p.Path), Has.Some.EndsWith(path));

    [TestCase("{" + At + """, "signing_key": "k", "jailbreak": {} }""")]
    [TestCase("{" + At + """, "token": "t", "jailbreak": {} }""")]
    [TestCase("{" + At + """, "api": "evaluate", "client_id": "c", "client_secret": "s", """ + Collector + "}")]
    public void Create_EverySecret_IsBoundToTheEndpoint(string json)
    {
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);

        Assert.That(settings.Session.Secrets.Single().Destination, Is.EqualTo("https://nt.example"));
    }

    // What was compared by embeddings has no counterpart in the service: it is refused rather than ignored.
    [TestCase("moderation", "deny_samples")]
    [TestCase(null, "mapping_field")]
    public void Create_SettingsNothingHonours_AreUnknown(string? parent, string key)
    {
        var own = $"\"{key}\": []";
        var json = $$"""{ {{At}}, "token": "t", "jailbreak": {}, {{(parent is null ? own : $"\"{parent}\": {{ \"topics\": [\"a\"], {own} }}")}} }""";
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        settings.ReportUnread();

        Assert.That(settings.Problems.Single().Path, Does.EndWith(key));
    }

    [Test]
    public void Create_BadSettings_NeverQuoteSecrets() =>
        Assert.That(
            Problems("{" + At
                + """, "token": "SECRET-1", "signing_key": "SECRET-2", "client_secret": "SECRET-3", "credentials": { "token": "SECRET-4" } }""")
                .Select(p => p.Message),
            Has.None.Contains("SECRET"));

    [Test]
    public void Metadata_SaysWhatItDoes()
    {
        using var services = Judged.Services();
        var metadata = services.GetServices<IGuardrailPlugin>().Single().Metadata;

        Assert.That(metadata.Name, Is.EqualTo("neuraltrust_guardrail"));
        Assert.That(metadata.SendsContentOut, Is.True);
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(403));
    }

    private static IReadOnlyList<SettingsProblem> Problems(string json)
    {
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        return settings.Problems;
    }
}
