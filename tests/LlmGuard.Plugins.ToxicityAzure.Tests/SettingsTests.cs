using Azure.Identity;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class SettingsTests
{
    private const string Endpoint = "\"api_key\": \"k\", \"endpoint\": \"https://r.cognitiveservices.azure.com\"";
    private const string TextUrl = "https://r.cognitiveservices.azure.com/contentsafety/text:analyze?api-version=2023-10-01";
    private const string ImageUrl = "https://r.cognitiveservices.azure.com/contentsafety/image:analyze?api-version=2023-10-01";

    [TestCase("")]
    [TestCase(""" , "output_type": "EightSeverityLevels", "category_severity": { "Hate": 1, "SelfHarm": 7, "Sexual": 3, "Violence": 5 } """)]
    [TestCase(""" , "categories": ["Hate"], "category_severity": { "Hate": 6 }, "actions": { "type": "reject", "message": "%s" } """)]
    [TestCase(""" , "checks": ["text", "images", "prompt_shields", "protected_material"], "blocklists": ["a.b_c~d-1"], "halt_on_blocklist_hit": true """)]
    [TestCase(""" , "blob_hosts": ["account.blob.core.windows.net"], "api_version": "2026-09-01-preview", "checks": ["images"] """)]
    [TestCase(""" , "api_version": "2023-10-01" """)]
    [TestCase(""" , "actions": { "type": "flag" }, "cache": { "lifetime": "5m" }, "retries": 5, "max_concurrency": 1 """)]
    [TestCase(""" , "credential": "api_key" """)]
    public void Create_GoodSettings_AreRead(string more) => Assert.That(Problems($"{{ {Endpoint}{more} }}"), Is.Empty);

    [Test]
    public void Create_GuidesForm_IsRead()
    {
        var settings = GuardrailSettings.Parse($$"""
            {
              "api_key": "k",
              "endpoints": { "text": "{{TextUrl}}", "image": "{{ImageUrl}}" },
              "output_type": "FourSeverityLevels",
              "content_types": [ { "type": "text", "path": "messages" }, { "type": "image", "path": "image" } ],
              "category_severity": { "Hate": 2, "Violence": 4, "SelfHarm": 6, "Sexual": 2 },
              "actions": { "type": "reject", "message": "Content violates our policies: %s" }
            }
            """);
        var read = ContentSafetySettings.Read(settings, null);

        Assert.That(settings.Problems, Is.Empty);
        Assert.That(read.Addresses.AnalyzeText.AbsoluteUri, Is.EqualTo(TextUrl));
        Assert.That(read.Addresses.AnalyzeImage.AbsoluteUri, Is.EqualTo(ImageUrl));
        Assert.That(read.Judge.Endpoint.AbsoluteUri, Is.EqualTo("https://r.cognitiveservices.azure.com/contentsafety/"));
        Assert.That(read.Checks, Is.EqualTo(ContentChecks.Text | ContentChecks.Images));
        Assert.That(
            read.Harm.Texts, Is.EquivalentTo(new Dictionary<string, int> { ["Hate"] = 2, ["Violence"] = 4, ["SelfHarm"] = 6, ["Sexual"] = 2 }));
    }

    [Test]
    public void Create_OneFullAddress_TheOtherOperationsLieNextToIt()
    {
        var settings = GuardrailSettings.Parse(
            $$"""{ "api_key": "k", "endpoints": { "text": "https://proxy.example/a/b/text:analyze?api-version=2024-09-01" } }""");
        var addresses = ContentSafetySettings.Read(settings, null).Addresses;

        Assert.That(addresses.AnalyzeImage.AbsoluteUri, Is.EqualTo("https://proxy.example/a/b/image:analyze?api-version=2024-09-01"));
        Assert.That(addresses.ShieldPrompt.AbsoluteUri, Is.EqualTo("https://proxy.example/a/b/text:shieldPrompt?api-version=2024-09-01"));
    }

    [TestCase("https://r.cognitiveservices.azure.com")]
    [TestCase("https://r.cognitiveservices.azure.com/")]
    public void Create_Endpoint_GetsTheOperationsWithARawColon(string endpoint)
    {
        var addresses = ContentSafetySettings.Read(GuardrailSettings.Parse($$"""{ "api_key": "k", "endpoint": "{{endpoint}}" }"""), null).Addresses;

        Assert.That(
            addresses.AnalyzeText.AbsoluteUri, Is.EqualTo("https://r.cognitiveservices.azure.com/contentsafety/text:analyze?api-version=2024-09-01"));
        Assert.That(
            addresses.DetectProtectedMaterial.AbsoluteUri,
            Is.EqualTo("https://r.cognitiveservices.azure.com/contentsafety/text:detectProtectedMaterial?api-version=2024-09-01"));
    }

    [TestCase("", "api_key")]
    [TestCase(""" "api_key": "k" """, "endpoint")]
    [TestCase(""" "api_key": "", "endpoint": "https://x.example" """, "api_key")]
    [TestCase(""" "api_key": "k", "endpoint": "http://x.example" """, "endpoint")]
    [TestCase(""" "api_key": "k", "endpoint": "https://10.0.0.1" """, "endpoint")]
    [TestCase(""" "api_key": "k", "endpoint": "https://x.example/?a=b" """, "endpoint")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "https://x.example/contentsafety/text:analyze" } """, "endpoints.text")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "https://x.example/contentsafety/image:analyze?api-version=2024-09-01" } """,
        "endpoints.text")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "https://x.example/contentsafety/text:analyze?api-version=2024-09-01&key=1" } """,
        "endpoints.text")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "https://x.example/text:analyze?api-version=1", "image": "https://y.example/image:analyze?api-version=1" } """, "endpoints.image")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "https://x.example/text:analyze?api-version=1" }, "endpoint": "https://x.example" """,
        "endpoint")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "https://x.example/text:analyze?api-version=1" }, "api_version": "1" """, "api_version")]
    [TestCase(""" "api_key": "k", "endpoints": { "text": "http://x.example/text:analyze?api-version=1" } """, "endpoint")]
    [TestCase(""" "api_key": "k", "endpoint": "https://x.example/contentsafety" """, "endpoint")]
    [TestCase(""" "api_key": "k", "endpoints": { "sound": "https://x.example/" } """, "endpoints")]
    public void Create_BadAddressOrKey_NamesTheKey(string json, string key) =>
        Assert.That(Problems($"{{ {json} }}").Select(p => p.Path), Has.Some.EndsWith(key).Or.Some.Contains(key));

    [TestCase(""" "category_severity": { "Hate": 3 } """, "category_severity")]
    [TestCase(""" "category_severity": { "Hate": 0 } """, "category_severity")]
    [TestCase(""" "category_severity": { "Hate": 8 }, "output_type": "EightSeverityLevels" """, "category_severity")]
    [TestCase(""" "category_severity": { "Hate": "2" } """, "category_severity")]
    [TestCase(""" "category_severity": { "hate": 2 } """, "category_severity")]
    [TestCase(""" "category_severity": { "Hate": 2 }, "categories": ["Violence"] """, "category_severity")]
    [TestCase(""" "categories": ["Treason"] """, "categories[0]")]
    [TestCase(""" "output_type": "TwoSeverityLevels" """, "output_type")]
    [TestCase(""" "checks": ["text", "sounds"] """, "checks[1]")]
    [TestCase(""" "checks": ["text"], "content_types": [ { "type": "text" } ] """, "content_types")]
    [TestCase(""" "content_types": [ { "type": "video" } ] """, "content_types[0].type")]
    [TestCase(""" "content_types": [ { "type": "text", "header": "x" } ] """, "content_types[0].header")]
    [TestCase(""" "checks": ["prompt_shields"], "api_version": "2023-10-01" """, "checks")]
    [TestCase(""" "checks": ["protected_material"], "api_version": "2023-10-01" """, "checks")]
    [TestCase(""" "blocklists": ["a b"] """, "blocklists[0]")]
    [TestCase(""" "blocklists": [""] """, "blocklists[0]")]
    [TestCase(""" "blocklists": ["a"], "checks": ["images"] """, "blocklists")]
    [TestCase(""" "halt_on_blocklist_hit": true """, "halt_on_blocklist_hit")]
    [TestCase(""" "blob_hosts": ["https://account.blob.core.windows.net/"] """, "blob_hosts[0]")]
    [TestCase(""" "blob_hosts": ["a.example"], "checks": ["text"] """, "blob_hosts")]
    [TestCase(""" "api_version": "1&x=2" """, "api_version")]
    [TestCase(""" "token_scope": "https://cognitiveservices.azure.us/.default" """, "token_scope")]
    [TestCase(""" "actions": { "type": "mask" } """, "actions.type")]
    [TestCase(""" "retries": 6 """, "retries")]
    [TestCase(""" "thresholds": { } """, "thresholds")]
    public void Create_BadSettings_NameTheKey(string more, string key) =>
        Assert.That(Problems($"{{ {Endpoint}, {more} }}").Select(p => p.Path), Has.Some.EndsWith(key).Or.Some.Contains(key));

    [Test]
    public void Create_IdentityThatNobodyRegistered_SaysWhatToCall() => Assert.That(
        Problems("""{ "credential": "entra_id", "endpoint": "https://x.example" }""").Select(p => p.Message),
        Has.Some.Contains("AddToxicityAzure"));

    [TestCase("""{ "credential": "entra_id", "endpoint": "https://x.example" }""", null)]
    [TestCase("""{ "credential": "entra_id", "endpoint": "https://x.example", "token_scope": "https://cognitiveservices.azure.us/.default" }""",
        null)]
    [TestCase("""{ "credential": "entra_id", "endpoint": "https://x.example", "token_scope": "cognitiveservices" }""", "token_scope")]
    [TestCase("""{ "credential": "entra_id", "endpoint": "https://x.example", "token_scope": "https://cognitiveservices.azure.us/" }""",
        "token_scope")]
    [TestCase("""{ "credential": "entra_id", "endpoint": "https://x.example", "api_key": "k" }""", "api_key")]
    public void Create_IdentityThatIsRegistered_NeedsNoKey(string json, string? key)
    {
        using var services = Judged.Services(new DefaultAzureCredential());

        Assert.That(Problems(json, services).Select(p => p.Path), key is null ? Is.Empty : Has.Some.Contains(key));
    }

    [Test]
    public void Create_BadSettings_NeverQuoteTheKey() =>
        Assert.That(Problems("""{ "api_key": "SECRET-1", "endpoint": "http://x", "retries": 9, "credential": "entra_id" }""").Select(p => p.Message),
            Has.None.Contains("SECRET"));

    [TestCase("\"endpoint\": \"https://r.example/proxy\"")]
    [TestCase("\"endpoints\": { \"text\": \"https://r.example/text:analyze?api-version=1\" }")]
    [TestCase("\"endpoints\": { \"image\": \"https://r.example/image:analyze?api-version=1\" }")]
    public void Create_Key_IsBoundToWhereItIsSent(string endpoint)
    {
        var settings = GuardrailSettings.Parse($"{{ \"api_key\": \"k\", {endpoint} }}");
        ContentSafetySettings.Read(settings, null);

        Assert.That(settings.Session.Secrets.Single().Destination, Is.EqualTo("https://r.example"));
    }

    [Test]
    public void Metadata_SaysWhatLeavesTheProcess()
    {
        using var services = Judged.Services();
        var metadata = services.GetServices<IGuardrailPlugin>().Single().Metadata;

        Assert.That(metadata.Name, Is.EqualTo("toxicity_azure"));
        Assert.That(metadata.SendsContentOut, Is.True);
        Assert.That(metadata.Rewrites, Is.False);
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse }));
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(400));
        Assert.That(metadata.Streaming, Is.EqualTo(GuardrailStreaming.WholeText));
    }

    [Test]
    public void AddToxicityAzure_WithoutBuilderOrCredential_Throws()
    {
        Assert.That(() => ToxicityAzureBuilderExtensions.AddToxicityAzure(null!), Throws.ArgumentNullException);
        Assert.That(() => ToxicityAzureBuilderExtensions.AddToxicityAzure(null!, new DefaultAzureCredential()), Throws.ArgumentNullException);
        Assert.That(() => new ServiceCollection().AddAiGuardrails().AddToxicityAzure(null!), Throws.ArgumentNullException);
    }

    private static IReadOnlyList<SettingsProblem> Problems(string json)
    {
        using var services = Judged.Services();
        return Problems(json, services);
    }

    // What the plugin reports, and the keys that nobody read, as the engine does.
    private static IReadOnlyList<SettingsProblem> Problems(string json, ServiceProvider services)
    {
        var settings = GuardrailSettings.Parse(json);
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        settings.ReportUnread();
        return settings.Problems;
    }
}
