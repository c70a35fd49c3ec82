using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

public sealed class SettingsTests
{
    [TestCase("""{ "api_key": "k" }""")]
    [TestCase("""{ "client_id": "c", "client_secret": "s" }""")]
    [TestCase("""{ "client_id": "c", "client_secret": "s", "token_url": "https://login.example/v1/oauth/token", "application_id": "shop" }""")]
    [TestCase("""{ "endpoint": "https://noma.mycompany.example" }""")]
    [TestCase("""{ "endpoint": "http://10.0.0.7:8080", "allow_private_endpoints": true, "application_id_header": "X-App", "session_id_header": "X-Session", "client_address": true }""")]
    [TestCase("""{ "api_key": "k", "protocol": "v1_aggregate", "anonymize_input": true, "images": false, "tool_traffic": false, "actions": { "message": "%s" } }""")]
    [TestCase("""{ "api_key": "k", "protocol": "litellm_guardrail", "retries": 0, "max_concurrency": 8, "cache": { "lifetime": "1m" } }""")]
    public void Create_GoodSettings_AreRead(string json) => Assert.That(Problems(json), Is.Empty);

    [TestCase("{ }", "client_id")]
    [TestCase("""{ "endpoint": "https://API.noma.security/" }""", "client_id")]
    [TestCase("""{ "client_id": "c" }""", "client_id")]
    [TestCase("""{ "client_secret": "s" }""", "client_secret")]
    [TestCase("""{ "client_id": "", "client_secret": "s" }""", "client_id")]
    [TestCase("""{ "client_id": "c", "client_secret": "" }""", "client_secret")]
    [TestCase("""{ "api_key": "" }""", "api_key")]
    [TestCase("""{ "api_key": "k", "client_id": "c", "client_secret": "s" }""", "api_key")]
    [TestCase("""{ "api_key": "k", "token_url": "https://login.example/" }""", "token_url")]
    [TestCase("""{ "client_id": "c", "client_secret": "s", "token_url": "http://login.example/" }""", "token_url")]
    [TestCase("""{ "client_id": "c", "client_secret": "s", "token_url": "https://169.254.169.254/" }""", "token_url")]
    [TestCase("""{ "client_id": "c", "client_secret": "s", "token_url": "https://login.example/?a=1" }""", "token_url")]
    [TestCase("""{ "api_key": "k", "endpoint": "http://noma.example" }""", "endpoint")]
    [TestCase("""{ "api_key": "k", "application_id": " " }""", "application_id")]
    [TestCase("""{ "api_key": "k", "application_id": "a", "application_id_header": "X-App" }""", "application_id_header")]
    [TestCase("""{ "api_key": "k", "application_id_header": "a b" }""", "application_id_header")]
    [TestCase("""{ "api_key": "k", "protocol": "v3" }""", "protocol")]
    [TestCase("""{ "api_key": "k", "protocol": "v1_aggregate", "images": true }""", "images")]
    [TestCase("""{ "api_key": "k", "protocol": "litellm_guardrail", "client_address": true }""", "client_address")]
    [TestCase("""{ "api_key": "k", "protocol": "litellm_guardrail", "session_id_header": "X-S" }""", "session_id_header")]
    [TestCase("""{ "api_key": "k", "cache": { "lifetime": "1m" }, "session_id_header": "X-S" }""", "session_id_header")]
    [TestCase("""{ "api_key": "k", "cache": { "lifetime": "1m" }, "protocol": "v1_aggregate", "client_address": true }""", "client_address")]
    public void Create_BadSettings_NameTheKey(string json, string key) =>
        Assert.That(Problems(json).Select(p => p.Path), Has.Some.EndsWith(key));

    [Test]
    public void Create_BadSettings_NeverQuoteSecrets() =>
        Assert.That(Problems("""{ "api_key": "SECRET-1", "client_id": "c", "client_secret": "SECRET-2", "retries": 9 }""").Select(p => p.Message),
            Has.None.Contains("SECRET"));

    [Test]
    public void Create_NoCredentialsForNomasOwnService_SaysWhereToGetThem() =>
        Assert.That(
            Problems("{ }").Single().Message, Does.Contain("\"client_secret\"").And.Contain("\"api_key\"").And.Contain("Settings > API Keys"));

    [Test]
    public void Metadata_SaysWhatItDoes()
    {
        using var services = Judged.Services();
        var metadata = services.GetServices<IGuardrailPlugin>().Single().Metadata;

        Assert.That(metadata.Name, Is.EqualTo("noma_runtime_protection"));
        Assert.That(metadata.SendsContentOut, Is.True);
        Assert.That(metadata.Rewrites, Is.True);
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PreResponse }));
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(400));
    }

    private static IReadOnlyList<SettingsProblem> Problems(string json)
    {
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        return settings.Problems;
    }
}
